/** @odoo-module **/

import { Component, onWillUpdateProps } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The inputs of an action, as its definition says: one labelled control each. The definition
 * comes from the field `inputs` of the same record; the server checks every value again.
 */
export class ExceptionActionInputs extends Component {
    static template = "exception_core.ActionInputs";
    static components = { RecordSelector };
    static props = { ...standardFieldProps };

    setup() {
        this.typed = {};
        this.typedFor = this.definition(this.props);
        onWillUpdateProps((next) => {
            const definition = this.definition(next);
            if (definition !== this.typedFor) {
                // another action: what was typed belongs to the former one
                this.typed = {};
                this.typedFor = definition;
            }
        });
    }

    definition(props) {
        return JSON.stringify(props.record.data.inputs || []);
    }

    get inputs() {
        return this.props.record.data.inputs || [];
    }

    get values() {
        return { ...(this.props.record.data[this.props.name] || {}), ...this.typed };
    }

    value(input) {
        const value = this.values[input.name];
        return value === undefined || value === null ? "" : value;
    }

    domain(input) {
        return new Domain(input.domain || "[]").toList({});
    }

    /** The record answers later than a fast person types: what was typed is kept here, too. */
    set(input, value) {
        this.typed[input.name] = value;
        return this.props.record.update({ [this.props.name]: this.values });
    }

    setText(input, ev) {
        return this.set(input, ev.target.value);
    }

    setYes(input, ev) {
        return this.set(input, ev.target.checked);
    }
}

registry.category("fields").add("exception_action_inputs", {
    component: ExceptionActionInputs,
    displayName: _t("Inputs of an action"),
    supportedTypes: ["json"],
});
