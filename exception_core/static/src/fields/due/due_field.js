/** @odoo-module **/

import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { dueStatus, formatUnits, splitDuration, splitHours } from "./due_status";
import { useMinute } from "./minute_hook";

/** Icon and colour of each level; a word always stands beside them. */
const LOOKS = {
    none: { icon: "", className: "text-muted" },
    met: { icon: "fa-check", className: "text-muted" },
    missed: { icon: "fa-exclamation-circle", className: "text-danger" },
    breached: { icon: "fa-exclamation-circle", className: "text-danger fw-bold" },
    soon: { icon: "fa-hourglass-half", className: "o_exception_amber fw-bold" },
    calm: { icon: "fa-clock-o", className: "text-muted" },
    paused: { icon: "fa-pause", className: "text-muted" },
};

/**
 * Shows a deadline relative to now ("in 2 h 10 m", "3 d late"), the absolute time in the tooltip.
 *
 * Red once it is breached, amber when under a fifth of the time is left. A closed case shows
 * whether the promise was kept; a paused one shows the working time that is left. The fields
 * `detected_at` and `resolved_at` of the same record say when the time began and ended;
 * `options="{'start': ..., 'end': ...}"` names others.
 */
export class ExceptionDueField extends Component {
    static template = "exception_core.DueField";
    static props = {
        ...standardFieldProps,
        start: { type: String, optional: true },
        end: { type: String, optional: true },
    };
    static defaultProps = { start: "detected_at", end: "resolved_at" };

    setup() {
        this.minute = useMinute();
    }

    instant(name) {
        const value = this.props.record.data[name];
        return value ? value.toSeconds() : null;
    }

    get status() {
        const { name, start, end, record } = this.props;
        const resting = record.data.paused_left;
        if (resting && !record.data[name]) {
            return { level: "paused", seconds: resting };
        }
        const promise = {
            due: this.instant(name),
            start: this.instant(start),
            end: this.instant(end),
        };
        return dueStatus(promise, this.minute.now);
    }

    get look() {
        return LOOKS[this.status.level];
    }

    get label() {
        const { level, seconds } = this.status;
        const duration = formatUnits(splitDuration(seconds));
        switch (level) {
            case "none":
                return "";
            case "met":
                return _t("on time");
            case "missed":
                return _t("%s too late", duration);
            case "breached":
                return _t("%s late", duration);
            case "paused":
                // of working time: days would be read as days of the calendar
                return _t("paused, %s left", formatUnits(splitHours(seconds)));
            default:
                return _t("in %s", duration);
        }
    }

    get tooltip() {
        const value = this.props.record.data[this.props.name];
        return value ? formatDateTime(value) : "";
    }
}

export const exceptionDueField = {
    component: ExceptionDueField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "detected_at", type: "datetime", readonly: true },
        { name: "resolved_at", type: "datetime", readonly: true },
        { name: "paused_left", type: "integer", readonly: true },
    ],
    extractProps: ({ options }) => ({ start: options.start, end: options.end }),
};

registry.category("fields").add("exception_due", exceptionDueField);
