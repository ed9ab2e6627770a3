/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What a run changed: one line for each field, before → after. */
export class ExceptionBeforeAfter extends Component {
    static template = "exception_core.BeforeAfter";
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("exception_before_after", {
    component: ExceptionBeforeAfter,
    displayName: _t("Before and after"),
    supportedTypes: ["json"],
});
