/** @odoo-module **/

import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { Expression } from "@web/core/tree_editor/condition_tree";
import { useService } from "@web/core/utils/hooks";

/**
 * Editor of one value in a condition: the field's usual editor, or an expression that is
 * evaluated anew at each run, such as `days_ago(max_days)`.
 *
 * The environment gives the choices: `env.conditionSuggestions(kind)`.
 */
export class NamedValue extends Component {
    static template = "exception_core.NamedValue";
    static components = { Dropdown, DropdownItem };
    static props = { info: Object, value: true, update: Function, kind: String };

    setup() {
        this.notification = useService("notification");
    }

    get isExpression() {
        return this.props.value instanceof Expression;
    }

    get suggestions() {
        return this.env.conditionSuggestions(this.props.kind);
    }

    get title() {
        return this.props.kind === "time"
            ? _t("Relative to now, or a parameter")
            : _t("Use a parameter");
    }

    choose(text) {
        this.props.update(new Expression(text));
    }

    useFixedValue() {
        this.props.update(this.props.info.defaultValue());
    }

    onChange(ev) {
        try {
            this.choose(ev.target.value);
        } catch {
            this.notification.add(
                _t("“%s” cannot be read. Write for example days_ago(3).", ev.target.value),
                { type: "warning" }
            );
            ev.target.value = String(this.props.value);
        }
    }
}
