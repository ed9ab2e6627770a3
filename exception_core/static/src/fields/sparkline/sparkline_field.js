/** @odoo-module **/

import { Component } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const HEIGHT = 28;
const STEP = 7;
const BAR = 5;

/**
 * A list of daily counts, oldest first and today last, as small bars.
 */
export class ExceptionSparklineField extends Component {
    static template = "exception_core.SparklineField";
    static props = { ...standardFieldProps };

    get counts() {
        const value = this.props.record.data[this.props.name];
        return Array.isArray(value) ? value : [];
    }

    get total() {
        return this.counts.reduce((sum, count) => sum + count, 0);
    }

    get width() {
        return this.counts.length * STEP;
    }

    get height() {
        return HEIGHT;
    }

    get bars() {
        const { counts } = this;
        const highest = Math.max(1, ...counts);
        const today = DateTime.local().startOf("day");
        return counts.map((count, index) => {
            // a day without cases keeps a line, so that it can be told from no data
            const height = count ? Math.max(3, Math.round((count / highest) * HEIGHT)) : 1;
            const date = formatDate(today.minus({ days: counts.length - 1 - index }));
            return {
                x: index * STEP,
                y: HEIGHT - height,
                width: BAR,
                height,
                isToday: index === counts.length - 1,
                title: `${date}: ${count}`,
            };
        });
    }

    get summary() {
        return _t("%s cases opened in the last %s days", this.total, this.counts.length);
    }
}

export const exceptionSparklineField = {
    component: ExceptionSparklineField,
    displayName: _t("Sparkline"),
    supportedTypes: ["json", "jsonb"],
};

registry.category("fields").add("exception_sparkline", exceptionSparklineField);
