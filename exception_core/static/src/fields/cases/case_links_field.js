/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How many cases are named; the rest is counted. */
const SHOWN = 3;

/** A few cases as links: what a person reads in passing. */
export class ExceptionCaseLinksField extends Component {
    static template = "exception_core.CaseLinksField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get cases() {
        return this.props.record.data[this.props.name].records;
    }

    get shown() {
        return this.cases.slice(0, SHOWN);
    }

    get hidden() {
        return this.cases.length - this.shown.length;
    }

    get moreLabel() {
        return _t("and %s more", this.hidden);
    }

    open(caseRecord) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.case",
            res_id: caseRecord.resId,
            views: [[false, "form"]],
        });
    }
}

export const exceptionCaseLinksField = {
    component: ExceptionCaseLinksField,
    displayName: _t("Links to cases"),
    supportedTypes: ["many2many", "one2many"],
    useSubView: false,
    relatedFields: [
        { name: "name", type: "char", readonly: true },
        { name: "title", type: "char", readonly: true },
        { name: "is_open", type: "boolean", readonly: true },
    ],
};

registry.category("fields").add("exception_case_links", exceptionCaseLinksField);
