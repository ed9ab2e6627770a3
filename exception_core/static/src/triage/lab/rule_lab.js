/** @odoo-module **/

import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/webclient/actions/action_hook";
import { Layout } from "@web/search/layout";
import { errorMessage, formatCount, formatMoney } from "@exception_core/detector/lab/lab_tools";

/** Try triage rules on past cases: what would they change? Nothing is written. */
export class RuleLab extends Component {
    static template = "exception_core.RuleLab";
    static components = { Layout };
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ruleIds = this.props.action.context?.exception_rule_ids || [];
        this.state = useState({
            rules: [],
            limit: 1000,
            days: 0,
            running: false,
            error: "",
            result: null,
            ...(this.props.state?.lab || {}),
        });
        this.display = { controlPanel: {} };
        useSetupAction({ getLocalState: () => ({ lab: { ...this.state, running: false } }) });
        onWillStart(async () => {
            this.state.rules = await this.orm.call("exception.rule", "lab_definition", [
                this.ruleIds,
            ]);
            if (this.state.rules.length && !this.state.result) {
                await this.run();
            }
        });
    }

    // ------------------------------------------------------------------
    // what is tried
    // ------------------------------------------------------------------

    get title() {
        const { rules } = this.state;
        if (!this.ruleIds.length) {
            return _t("All rules, drafts included");
        }
        return rules.map((rule) => rule.name).join(", ");
    }

    get limits() {
        return [200, 1000, 5000, 10000].map((value) => ({
            value,
            label: _t("the newest %s cases", formatCount(value)),
        }));
    }

    get periods() {
        return [
            { value: 0, label: _t("whenever opened") },
            { value: 7, label: _t("of the last 7 days") },
            { value: 30, label: _t("of the last 30 days") },
            { value: 90, label: _t("of the last 90 days") },
            { value: 365, label: _t("of the last year") },
        ];
    }

    set(name, value) {
        this.state[name] = Number(value);
    }

    async run() {
        Object.assign(this.state, { running: true, error: "" });
        try {
            this.state.result = await this.orm.silent.call("exception.rule", "try_on_past", [
                this.ruleIds,
                this.state.limit,
                this.state.days,
            ]);
        } catch (error) {
            Object.assign(this.state, { result: null, error: errorMessage(error) });
        }
        this.state.running = false;
    }

    // ------------------------------------------------------------------
    // result
    // ------------------------------------------------------------------

    count(number) {
        return formatCount(number);
    }

    money(amount) {
        return formatMoney(amount, this.state.result.currency_id);
    }

    get scope() {
        const { tried, more, oldest } = this.state.result;
        if (!tried) {
            return _t("There is no case in this period.");
        }
        const since = formatDate(deserializeDateTime(oldest));
        return more
            ? _t(
                  "The newest %s cases, back to %s; there are older ones.",
                  formatCount(tried),
                  since
              )
            : _t("All %s cases that you see, back to %s.", formatCount(tried), since);
    }

    get tiles() {
        const { tried, changed, amount, kept } = this.state.result;
        return [
            {
                id: "changed",
                label: _t("cases would be decided otherwise"),
                value: formatCount(changed),
            },
            { id: "amount", label: _t("at stake in them"), value: this.money(amount) },
            { id: "kept", label: _t("decisions of people would stay"), value: formatCount(kept) },
            { id: "tried", label: _t("cases tried"), value: formatCount(tried) },
        ];
    }

    openCases(name, ids) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "exception.case",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", ids]],
        });
    }

    openRule(rule) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.rule",
            res_id: rule.id,
            views: [[false, "form"]],
        });
    }

    openRules() {
        return this.action.doAction("exception_core.exception_rule_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("exception_rule_lab", RuleLab);
