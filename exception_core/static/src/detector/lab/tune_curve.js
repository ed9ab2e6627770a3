/** @odoo-module **/

import { Component } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { useChart } from "./chart_hook";
import { formatCount, formatMoney, formatParameter } from "./lab_tools";

/** Chart.js plugin: vertical lines at the value in force and at the chosen one. */
const MARKS = {
    id: "exceptionMarks",
    afterDatasetsDraw(chart, args, { marks }) {
        const { ctx, chartArea, scales } = chart;
        marks.forEach(({ value, label, color, dash }, index) => {
            const x = scales.x.getPixelForValue(value);
            if (x < chartArea.left - 1 || x > chartArea.right + 1) {
                return;
            }
            ctx.save();
            ctx.strokeStyle = ctx.fillStyle = color;
            ctx.lineWidth = 2;
            ctx.setLineDash(dash);
            ctx.beginPath();
            ctx.moveTo(x, chartArea.top);
            ctx.lineTo(x, chartArea.bottom);
            ctx.stroke();
            ctx.textAlign = x > (chartArea.left + chartArea.right) / 2 ? "right" : "left";
            const offset = ctx.textAlign === "left" ? 5 : -5;
            ctx.fillText(label, x + offset, chartArea.top + 12 + 14 * index);
            ctx.restore();
        });
    },
};

/**
 * Cases and money against the values of a parameter. The chosen value follows a click or a drag.
 */
export class TuneCurve extends Component {
    static template = "exception_core.TuneCurve";
    static props = {
        parameter: Object,
        points: Array,
        chosen: Number,
        currencyId: [Number, Boolean],
        onChoose: Function,
    };

    setup() {
        this.dragging = false;
        this.chart = useChart(
            () => this.config,
            () => [this.props.points, this.props.points.length, this.props.chosen]
        );
    }

    get summary() {
        return _t(
            "Cases and money at stake at %s values of “%s”",
            this.props.points.length,
            this.props.parameter.label
        );
    }

    // ------------------------------------------------------------------
    // choosing
    // ------------------------------------------------------------------

    onPointerDown(ev) {
        this.dragging = true;
        this.choose(ev);
    }

    onPointerMove(ev) {
        if (this.dragging) {
            this.choose(ev);
        }
    }

    onPointerUp() {
        this.dragging = false;
    }

    /** Take the tried value that is nearest to the pointer. */
    choose(ev) {
        const chart = this.chart.current;
        if (!chart || !this.props.points.length) {
            return;
        }
        const left = chart.canvas.getBoundingClientRect().left;
        const wanted = chart.scales.x.getValueForPixel(ev.clientX - left);
        const values = this.props.points.map((point) => point.value);
        const nearest = values.reduce((best, value) =>
            Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best
        );
        if (nearest !== this.props.chosen) {
            this.props.onChoose(nearest);
        }
    }

    // ------------------------------------------------------------------
    // drawing
    // ------------------------------------------------------------------

    get marks() {
        const { parameter, chosen } = this.props;
        const scheme = cookie.get("color_scheme");
        const dark = scheme === "dark";
        const marks = [
            {
                value: parameter.value,
                label: _t("now %s", formatParameter(parameter.value, parameter)),
                color: dark ? "#c0c0c0" : "#555555",
                dash: [4, 4],
            },
        ];
        if (chosen !== parameter.value) {
            marks.push({
                value: chosen,
                label: formatParameter(chosen, parameter),
                color: dark ? "#ffffff" : "#000000",
                dash: [],
            });
        }
        return marks;
    }

    line(key, index, axis) {
        const color = getColor(index, cookie.get("color_scheme"));
        const { points, chosen } = this.props;
        return {
            data: points.map((point) => ({ x: point.value, y: point[key] })),
            yAxisID: axis,
            borderColor: color,
            backgroundColor: color,
            borderWidth: 2,
            borderDash: axis === "money" ? [6, 3] : [],
            pointStyle: axis === "money" ? "rectRot" : "circle",
            pointRadius: points.map((point) => (point.value === chosen ? 6 : 3)),
        };
    }

    get config() {
        const { parameter, currencyId } = this.props;
        const money = (value) => formatMoney(value, currencyId);
        const scale = (title, position, callback) => ({
            position,
            beginAtZero: true,
            title: { display: true, text: title },
            grid: { drawOnChartArea: position === "left" },
            ticks: { callback, maxTicksLimit: 6, precision: 0 },
        });
        return {
            type: "line",
            data: {
                datasets: [
                    { label: _t("Cases"), ...this.line("cases", 0, "cases") },
                    { label: _t("At stake"), ...this.line("exposure", 1, "money") },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    exceptionMarks: { marks: this.marks },
                    legend: { labels: { usePointStyle: true } },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => formatParameter(item.parsed.x, parameter),
                            label: ({ dataset, parsed }) =>
                                `${dataset.label}: ${
                                    dataset.yAxisID === "money"
                                        ? money(parsed.y)
                                        : formatCount(parsed.y)
                                }`,
                        },
                    },
                },
                scales: {
                    x: {
                        type: "linear",
                        title: {
                            display: true,
                            text: [parameter.label, parameter.unit && `(${parameter.unit})`]
                                .filter(Boolean)
                                .join(" "),
                        },
                        grid: { display: false },
                        ticks: parameter.kind === "integer" ? { precision: 0 } : {},
                    },
                    cases: scale(_t("Cases"), "left", formatCount),
                    money: scale(_t("At stake"), "right", money),
                },
            },
            plugins: [MARKS],
        };
    }
}
