/** @odoo-module **/

import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    ExceptionSparklineField,
    exceptionSparklineField,
} from "@exception_core/fields/sparkline/sparkline_field";

const { DateTime } = luxon;

/** A list of hourly counts, oldest first; the last one is the last sixty minutes. */
export class HealthTrendField extends ExceptionSparklineField {
    get bars() {
        const now = DateTime.local();
        const bars = super.bars;
        return bars.map((bar, index) => {
            const from = now.minus({ hours: bars.length - index });
            return { ...bar, title: `${formatDateTime(from)}: ${this.counts[index]}` };
        });
    }

    get summary() {
        return _t("%s in the last %s hours", this.total, this.counts.length);
    }
}

export const healthTrendField = {
    ...exceptionSparklineField,
    component: HealthTrendField,
    displayName: _t("Counts an hour"),
};

registry.category("fields").add("exception_health_trend", healthTrendField);
