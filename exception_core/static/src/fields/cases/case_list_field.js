/** @odoo-module **/

import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** A list of cases inside a form: a row opens the case itself, not a dialog over this one. */
export class ExceptionCaseListField extends X2ManyField {
    async openRecord(record) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: record.resModel,
            res_id: record.resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("exception_case_list", {
    ...x2ManyField,
    component: ExceptionCaseListField,
});
