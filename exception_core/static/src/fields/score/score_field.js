/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Priority as a number with a bar below it. The tooltip says where the points come from, when the
 * view has the field `score_words`. It stays out of red and amber, which are kept for time.
 */
export class ExceptionScoreField extends Component {
    static template = "exception_core.ScoreField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    get tooltip() {
        const { score_words: words } = this.props.record.data;
        return words ? _t("Priority %s of 100: %s", this.value, words) : undefined;
    }
}

export const exceptionScoreField = {
    component: ExceptionScoreField,
    displayName: _t("Priority"),
    supportedTypes: ["integer"],
};

registry.category("fields").add("exception_score", exceptionScoreField);
