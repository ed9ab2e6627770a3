/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The table of facts that the server rendered, as it is. The ordinary html widget would load the
 * whole text editor for it each time a case is opened.
 */
export class ExceptionFactsField extends Component {
    static template = "exception_core.FactsField";
    static props = { ...standardFieldProps };
}

export const exceptionFactsField = {
    component: ExceptionFactsField,
    displayName: _t("Facts"),
    supportedTypes: ["html"],
};

registry.category("fields").add("exception_facts", exceptionFactsField);
