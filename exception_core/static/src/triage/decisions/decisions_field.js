/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    rule: "fa-random",
    person: "fa-user",
    default: "fa-tag",
    later: "fa-clock-o",
    none: "fa-minus",
};

/** How each decided field of a case came about: by a rule, by a person or by the type. */
export class ExceptionDecisionsField extends Component {
    static template = "exception_core.DecisionsField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    icon(line) {
        return ICONS[line.kind];
    }

    openRule(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.rule",
            res_id: line.rule_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("exception_decisions", {
    component: ExceptionDecisionsField,
    displayName: _t("How it was decided"),
    supportedTypes: ["json"],
});
