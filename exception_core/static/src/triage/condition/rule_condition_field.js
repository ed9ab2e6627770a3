/** @odoo-module **/

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ConditionField, conditionField } from "@exception_core/detector/condition/condition_field";

/** The condition of a triage rule: as a detector's, but counted and judged as a rule's. */
export class RuleConditionField extends ConditionField {
    async checkProps(props = this.props) {
        const model = this.getResModel(props);
        if (props.readonly || !model) {
            return super.checkProps(props);
        }
        const values = { model, domain: this.getDomain(props) };
        const request = this.orm.silent.call("exception.rule", "preview_condition", [values]);
        const { count, error } = await this.answers.add(request);
        this.mode.reason = error || "";
        this.updateState({ isValid: !error, recordCount: error ? 0 : count });
    }
}

registry.category("fields").add("exception_rule_condition", {
    ...conditionField,
    component: RuleConditionField,
    displayName: _t("Condition of a triage rule"),
});
