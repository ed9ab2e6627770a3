/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LEVELS = 4;

/**
 * Severity as rising bars with the word beside them ("1" fills all four).
 *
 * It stays out of red and amber, which are kept for time that runs out.
 */
export class ExceptionSeverityField extends Component {
    static template = "exception_core.SeverityField";
    static props = {
        ...standardFieldProps,
        compact: { type: Boolean, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        const option = selection.find(([value]) => value === this.value);
        return option ? option[1] : "";
    }

    get bars() {
        const filled = LEVELS + 1 - Number(this.value);
        return Array.from({ length: LEVELS }, (_, index) => index < filled);
    }
}

export const exceptionSeverityField = {
    component: ExceptionSeverityField,
    displayName: _t("Severity"),
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ compact: Boolean(options.compact) }),
};

registry.category("fields").add("exception_severity", exceptionSeverityField);
