/** @odoo-module **/

import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";

/** The server tries at most so many values; each is a sweep of its own. */
export const MAX_POINTS = 41;
const USUAL_POINTS = 11;

/**
 * @param {Error} error of a call
 * @returns {string} what went wrong, as a sentence for people
 */
export function errorMessage(error) {
    return error.data?.message || _t("The server did not answer. Try again in a moment.");
}

/**
 * @param {string|number} text what was typed
 * @param {Object} parameter
 * @returns {number|string|null} value of the parameter's kind, null when it is none
 */
export function parseValue(text, parameter) {
    if (parameter.kind === "text") {
        return String(text);
    }
    const value = Number(String(text).trim().replace(",", "."));
    if (String(text).trim() === "" || !Number.isFinite(value)) {
        return null;
    }
    return parameter.kind === "integer" && !Number.isInteger(value) ? null : value;
}

export function isWithinLimits(value, { minimum, maximum }) {
    return (!minimum && !maximum) || (value >= minimum && value <= maximum);
}

export function formatCount(count) {
    return formatInteger(count);
}

/** Whole units are enough for a sum that nobody books. */
export function formatMoney(amount, currencyId) {
    return formatMonetary(amount, { currencyId, digits: [16, 0] });
}

export function formatParameter(value, { kind, unit }) {
    const shown = kind === "float" ? String(Number(value)) : String(value);
    return `${shown} ${unit}`.trim();
}

/**
 * Propose a range around the value that is in force.
 *
 * @param {Object} parameter
 * @returns {{from: number, to: number, step: number}}
 */
export function proposeRange(parameter) {
    const { kind, value, minimum, maximum } = parameter;
    const step = parameter.step > 0 ? parameter.step : 1;
    const reach = Math.floor(USUAL_POINTS / 2) * step;
    let from = value - reach;
    let to = value + reach;
    if (minimum || maximum) {
        from = Math.max(from, minimum);
        to = Math.min(to, maximum);
    } else if (value >= 0) {
        from = Math.max(from, 0);
    }
    const round = (number) => (kind === "integer" ? Math.round(number) : tidy(number));
    return {
        from: round(from),
        to: round(to),
        step: kind === "integer" ? Math.max(1, Math.round(step)) : step,
    };
}

/** Cut what floating point adds to sums of steps: 0.1 + 0.2. */
function tidy(number) {
    return Number(number.toFixed(6));
}

/**
 * @param {{from: number, to: number, step: number}} range
 * @param {number} current the value in force, which is tried in any case
 * @returns {number[]} ascending
 */
export function gridValues({ from, to, step }, current) {
    const values = new Set([current]);
    const count = Math.floor((to - from) / step + 1e-9);
    for (let index = 0; index <= count; index++) {
        values.add(tidy(from + index * step));
    }
    return [...values].sort((a, b) => a - b);
}

/**
 * @param {{from: number, to: number, step: number}} range
 * @param {Object} parameter
 * @returns {string} why the range cannot be tried, empty when it can
 */
export function rangeProblem(range, parameter) {
    const { from, to, step } = range;
    if ([from, to, step].some((value) => value === null)) {
        return parameter.kind === "integer"
            ? _t("From, to and step must be whole numbers.")
            : _t("From, to and step must be numbers.");
    }
    if (step <= 0 || from > to) {
        return _t("The range must lead upwards: from a smaller to a larger value.");
    }
    if (!isWithinLimits(from, parameter) || !isWithinLimits(to, parameter)) {
        return _t(
            "“%s” must lie between %s and %s.",
            parameter.label,
            formatFloat(parameter.minimum, { noTrailingZeros: true }),
            formatFloat(parameter.maximum, { noTrailingZeros: true })
        );
    }
    if (gridValues(range, parameter.value).length > MAX_POINTS) {
        return _t("That is more than %s values. Choose a larger step.", MAX_POINTS);
    }
    return "";
}
