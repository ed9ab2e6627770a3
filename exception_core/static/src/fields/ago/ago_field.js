/** @odoo-module **/

import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatUnits, splitDuration } from "../due/due_status";
import { useMinute } from "../due/minute_hook";

/** How far an instant is from now ("3 d 4 h ago", "in 2 h"), the absolute time in the tooltip. */
export class ExceptionAgoField extends Component {
    static template = "exception_core.AgoField";
    static props = {
        ...standardFieldProps,
        plain: { type: Boolean, optional: true },
    };

    setup() {
        this.minute = useMinute();
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const seconds = this.minute.now - this.value.toSeconds();
        const duration = formatUnits(splitDuration(Math.abs(seconds)));
        if (this.props.plain) {
            return duration;
        }
        return seconds < 0 ? _t("in %s", duration) : _t("%s ago", duration);
    }

    get tooltip() {
        return formatDateTime(this.value);
    }
}

export const exceptionAgoField = {
    component: ExceptionAgoField,
    displayName: _t("Time since"),
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ plain: Boolean(options.plain) }),
};

registry.category("fields").add("exception_ago", exceptionAgoField);
