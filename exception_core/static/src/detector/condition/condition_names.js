/** @odoo-module **/

import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/**
 * The names that a detector's condition may use, with the meaning they have on the server
 * (tools/domain_names.py). Instants are strings in UTC, as Odoo stores them.
 *
 * @param {DateTime} now
 * @param {string} timeZone decides what "today" means
 * @returns {Object} evaluation context
 */
export function conditionNames(now, timeZone) {
    const midnight = now.setZone(timeZone || "UTC").startOf("day");
    return {
        now: serializeDateTime(now),
        today: serializeDate(midnight),
        days_ago: (days) => serializeDateTime(now.minus({ hours: 24 * days })),
        hours_ago: (hours) => serializeDateTime(now.minus({ hours })),
        days_ahead: (days) => serializeDateTime(now.plus({ hours: 24 * days })),
        // called without an argument, the interpreter passes its keyword arguments only
        start_of_day: (days) =>
            serializeDateTime(midnight.minus({ days: typeof days === "number" ? days : 0 })),
    };
}

/**
 * @param {import("@web/model/relational_model/record").Record} record of a detector
 * @returns {Object[]} its parameters as they stand in the form
 */
export function detectorParameters(record) {
    const lines = record.data.parameter_ids?.records || [];
    return lines
        .filter((line) => line.data.name)
        .map(({ data }) => ({
            name: data.name,
            label: data.label || data.name,
            kind: data.kind,
            value: data.value,
            unit: data.unit || "",
        }));
}

/**
 * @param {Object[]} parameters
 * @returns {Object} name → value, numbers as numbers
 */
export function parameterValues(parameters) {
    return Object.fromEntries(
        parameters.map(({ name, kind, value }) => [name, kind === "text" ? value : Number(value)])
    );
}

/**
 * @param {import("@web/model/relational_model/record").Record} record of a detector
 * @returns {Object} all names of its condition with their values
 */
export function conditionContext(record) {
    const names = conditionNames(DateTime.utc(), record.data.time_zone);
    return { ...names, ...parameterValues(detectorParameters(record)) };
}

function parameterCall({ name, unit }) {
    return /hour|\bh\b/i.test(unit) ? `hours_ago(${name})` : `days_ago(${name})`;
}

/**
 * What a person can choose for a value, instead of a fixed one.
 *
 * @param {Object[]} parameters
 * @param {"time"|"number"|"text"} kind of the field that is compared
 * @returns {{expression: string, label: string}[]}
 */
export function conditionSuggestions(parameters, kind) {
    if (kind !== "time") {
        return parameters
            .filter((parameter) => (parameter.kind === "text") === (kind === "text"))
            .map(({ name, label }) => ({ expression: name, label }));
    }
    return [
        ...parameters
            .filter((parameter) => parameter.kind !== "text")
            .map((parameter) => ({
                expression: parameterCall(parameter),
                label: _t("%s before now", parameter.label),
            })),
        { expression: "now", label: _t("Now") },
        { expression: "today", label: _t("Today") },
        { expression: "days_ago(3)", label: _t("3 days before now") },
        { expression: "hours_ago(24)", label: _t("24 hours before now") },
        { expression: "days_ahead(7)", label: _t("7 days after now") },
        { expression: "start_of_day(0)", label: _t("Midnight, when today began") },
    ];
}

/**
 * Every name with an explanation, for the help below the condition.
 *
 * @param {Object[]} parameters
 * @returns {{expression: string, label: string, isParameter: boolean}[]}
 */
export function conditionHelp(parameters) {
    return [
        ...parameters.map(({ name, label, value, unit }) => ({
            expression: name,
            label: _t("Parameter “%s”, now %s", label, `${value} ${unit}`.trim()),
            isParameter: true,
        })),
        { expression: "now", label: _t("This instant") },
        { expression: "today", label: _t("Today's date in the company's time zone") },
        { expression: "days_ago(3)", label: _t("3 days before now; a parameter may stand for 3") },
        { expression: "hours_ago(24)", label: _t("24 hours before now") },
        { expression: "days_ahead(7)", label: _t("7 days after now") },
        {
            expression: "start_of_day(1)",
            label: _t("Midnight one day ago in the company's time zone; 0 is today's"),
        },
    ];
}
