/** @odoo-module **/

import { Component } from "@odoo/owl";
import { getColor } from "@web/core/colors/colors";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { cookie } from "@web/core/browser/cookie";
import { useChart } from "./chart_hook";
import { formatMoney } from "./lab_tools";

function dayLabel(label) {
    return /^\d{4}-\d\d-\d\d$/.test(label) ? formatDate(deserializeDate(label)) : label;
}

/** Bars: on which days happened what a back-test found. */
export class DayChart extends Component {
    static template = "exception_core.DayChart";
    static props = { days: Array, currencyId: [Number, Boolean] };

    setup() {
        useChart(
            () => this.config,
            () => [this.props.days]
        );
    }

    get summary() {
        return _t("Cases on %s days", this.props.days.length);
    }

    get config() {
        const { days, currencyId } = this.props;
        return {
            type: "bar",
            data: {
                labels: days.map((day) => dayLabel(day.label)),
                datasets: [
                    {
                        label: _t("Cases"),
                        data: days.map((day) => day.cases),
                        backgroundColor: getColor(0, cookie.get("color_scheme")),
                        maxBarThickness: 28,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            afterLabel: ({ dataIndex }) =>
                                _t(
                                    "%s at stake",
                                    formatMoney(days[dataIndex].exposure, currencyId)
                                ),
                        },
                    },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { autoSkip: true, maxRotation: 45 } },
                    y: { beginAtZero: true, ticks: { precision: 0 } },
                },
            },
        };
    }
}
