/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What is wrong, with "+2" when the record has two more open cases that this one leads.
 */
export class ExceptionTitleField extends Component {
    static template = "exception_core.TitleField";
    static props = { ...standardFieldProps };

    get title() {
        return this.props.record.data[this.props.name] || "";
    }

    get others() {
        const { is_leading, bundle_size } = this.props.record.data;
        return is_leading && bundle_size > 1 ? bundle_size - 1 : 0;
    }

    get tooltip() {
        return this.others === 1
            ? _t("1 more open case on the same record")
            : _t("%s more open cases on the same record", this.others);
    }
}

export const exceptionTitleField = {
    component: ExceptionTitleField,
    displayName: _t("What is wrong"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "bundle_size", type: "integer", readonly: true },
        { name: "is_leading", type: "boolean", readonly: true },
    ],
};

registry.category("fields").add("exception_title", exceptionTitleField);
