/** @odoo-module **/

import { Component, onMounted, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { DayChart } from "./day_chart";
import { errorMessage, formatCount, formatMoney, formatParameter, parseValue } from "./lab_tools";

/**
 * What the detector would open now: number, money, records, and how they spread.
 */
export class LabBacktest extends Component {
    static template = "exception_core.LabBacktest";
    static components = { DayChart };
    static props = {
        definition: Object,
        memory: { type: [Object, { value: null }], optional: true },
        remember: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { parameters } = this.props.definition;
        this.state = useState({
            values: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
            result: null,
            error: "",
            running: false,
            ...(this.props.memory || {}),
        });
        onMounted(() => {
            if (!this.state.result) {
                this.run();
            }
        });
    }

    // ------------------------------------------------------------------
    // run
    // ------------------------------------------------------------------

    isChanged(parameter) {
        return String(this.state.values[parameter.name]) !== String(parameter.value);
    }

    formatSaved(parameter) {
        return formatParameter(parameter.value, parameter);
    }

    reset() {
        for (const { name, value } of this.props.definition.parameters) {
            this.state.values[name] = value;
        }
        this.run();
    }

    get hasChanges() {
        return this.props.definition.parameters.some((parameter) => this.isChanged(parameter));
    }

    /** Only what differs from the saved values is tried, so that companies keep their own. */
    get tried() {
        const tried = {};
        for (const parameter of this.props.definition.parameters) {
            if (this.isChanged(parameter)) {
                tried[parameter.name] = parseValue(this.state.values[parameter.name], parameter);
            }
        }
        return tried;
    }

    async run() {
        const { tried } = this;
        const wrong = this.props.definition.parameters.find(({ name }) => tried[name] === null);
        if (wrong) {
            this.state.error = _t(
                "“%s” is no value for “%s”.",
                this.state.values[wrong.name],
                wrong.label
            );
            return;
        }
        Object.assign(this.state, { running: true, error: "" });
        try {
            this.state.result = await this.orm.silent.call("exception.detector", "backtest", [
                [this.props.definition.id],
                tried,
            ]);
        } catch (error) {
            Object.assign(this.state, { result: null, error: errorMessage(error) });
        }
        this.state.running = false;
        const { values, result } = this.state;
        this.props.remember({ values: { ...values }, result });
    }

    // ------------------------------------------------------------------
    // result
    // ------------------------------------------------------------------

    get tiles() {
        const { cases, exposure, hits } = this.state.result;
        return [
            { id: "cases", label: _t("cases it would open now"), value: formatCount(cases) },
            { id: "exposure", label: _t("at stake in them"), value: this.money(exposure) },
            { id: "known", label: _t("known already"), value: formatCount(hits - cases) },
            { id: "hits", label: _t("records in exception"), value: formatCount(hits) },
        ];
    }

    get spreads() {
        const { companies, partners } = this.state.result;
        return [
            { id: "companies", title: _t("By company"), lines: this.withShares(companies) },
            { id: "partners", title: _t("By partner"), lines: this.withShares(partners) },
        ].filter((spread) => spread.lines.length);
    }

    withShares(lines) {
        const highest = Math.max(1, ...lines.map((line) => line.cases));
        return lines.map((line) => ({ ...line, share: (100 * line.cases) / highest }));
    }

    count(number) {
        return formatCount(number);
    }

    money(amount) {
        return formatMoney(amount, this.state.result.currency_id);
    }

    get openLabel() {
        const { res_ids, cases } = this.state.result;
        return res_ids.length < cases
            ? _t("Open the %s with most at stake", res_ids.length)
            : _t("Open these records");
    }

    openRecords() {
        const { model, res_ids } = this.state.result;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Found by %s", this.props.definition.name),
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", res_ids]],
            // archived records are found when the condition says so
            context: { active_test: false },
        });
    }
}
