/** @odoo-module **/

import { _t } from "@web/core/l10n/translation";

/** A promise is amber when less than this share of its time is left. */
export const AMBER_SHARE = 1 / 5;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Split seconds into the two largest units that matter to a person.
 *
 * @param {number} seconds not negative
 * @returns {[number, string][]} pairs of count and unit ("d", "h" or "m")
 */
export function splitDuration(seconds) {
    const total = Math.max(0, Math.floor(seconds));
    if (total >= DAY) {
        const days = Math.floor(total / DAY);
        const hours = Math.floor((total % DAY) / HOUR);
        // hours tell nothing beside weeks
        return days < 7 && hours
            ? [
                  [days, "d"],
                  [hours, "h"],
              ]
            : [[days, "d"]];
    }
    if (total >= HOUR) {
        const hours = Math.floor(total / HOUR);
        const minutes = Math.floor((total % HOUR) / MINUTE);
        return minutes
            ? [
                  [hours, "h"],
                  [minutes, "m"],
              ]
            : [[hours, "h"]];
    }
    // "in 0 m" would read as over
    return [[Math.max(1, Math.floor(total / MINUTE)), "m"]];
}

/**
 * Split seconds of working time into hours and minutes, however many hours they are.
 *
 * @param {number} seconds not negative
 * @returns {[number, string][]} pairs of count and unit ("h" or "m")
 */
export function splitHours(seconds) {
    const hours = Math.floor(seconds / HOUR);
    const minutes = Math.floor((seconds % HOUR) / MINUTE);
    const parts = [];
    if (hours) {
        parts.push([hours, "h"]);
    }
    if (minutes || !hours) {
        parts.push([Math.max(minutes, hours ? 0 : 1), "m"]);
    }
    return parts;
}

/**
 * @param {[number, string][]} parts as given by `splitDuration`
 * @returns {string} for example "2 d 3 h"
 */
export function formatUnits(parts) {
    const units = { d: _t("d"), h: _t("h"), m: _t("m") };
    return parts.map(([count, unit]) => `${count} ${units[unit]}`).join(" ");
}

/**
 * How a promise stands at an instant.
 *
 * @param {Object} promise all instants in seconds since the epoch; `null` where there is none
 * @param {number|null} promise.due when it falls due
 * @param {number|null} promise.start when the time began to run
 * @param {number|null} promise.end when the case was resolved
 * @param {number} now
 * @returns {{level: "none"|"met"|"missed"|"breached"|"soon"|"calm", seconds: number}}
 */
export function dueStatus({ due, start, end }, now) {
    if (due === null) {
        return { level: "none", seconds: 0 };
    }
    if (end !== null) {
        return { level: end > due ? "missed" : "met", seconds: Math.abs(end - due) };
    }
    const left = due - now;
    if (left < 0) {
        return { level: "breached", seconds: -left };
    }
    const whole = start === null ? 0 : due - start;
    const level = whole > 0 && left < whole * AMBER_SHARE ? "soon" : "calm";
    return { level, seconds: left };
}
