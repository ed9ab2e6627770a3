/** @odoo-module **/

import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import {
    errorMessage,
    formatCount,
    formatMoney,
    formatParameter,
    gridValues,
    isWithinLimits,
    parseValue,
    proposeRange,
    rangeProblem,
} from "./lab_tools";
import { TuneCurve } from "./tune_curve";

/**
 * Back-test a range of values of one parameter, see cases and money as a curve, and adopt one.
 */
export class LabTune extends Component {
    static template = "exception_core.LabTune";
    static components = { TuneCurve };
    static props = {
        definition: Object,
        memory: { type: [Object, { value: null }], optional: true },
        remember: Function,
        onAdopted: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        const first = this.parameters[0];
        this.state = useState({
            name: first?.name,
            range: first && proposeRange(first),
            points: [],
            chosen: first?.value,
            typed: String(first?.value),
            error: "",
            done: 0,
            total: 0,
            ...(this.props.memory || {}),
        });
        this.ticket = 0; // a newer run, or leaving, ends an older one
        onMounted(() => {
            if (first && !this.state.points.length) {
                this.run();
            }
        });
        onWillUnmount(() => this.stop());
    }

    get parameters() {
        return this.props.definition.parameters.filter((parameter) => parameter.kind !== "text");
    }

    get parameter() {
        return this.parameters.find((parameter) => parameter.name === this.state.name);
    }

    get running() {
        return this.state.done < this.state.total;
    }

    get progress() {
        return Math.round((100 * this.state.done) / Math.max(1, this.state.total));
    }

    // ------------------------------------------------------------------
    // trying
    // ------------------------------------------------------------------

    selectParameter(name) {
        this.state.name = name;
        this.state.range = proposeRange(this.parameter);
        this.choose(this.parameter.value);
        this.run();
    }

    setRange(key, text) {
        this.state.range = { ...this.state.range, [key]: parseValue(text, this.parameter) };
    }

    async run() {
        const problem = rangeProblem(this.state.range, this.parameter);
        if (problem) {
            this.state.error = problem;
            return;
        }
        Object.assign(this.state, { error: "", points: [] });
        await this.tryValues(gridValues(this.state.range, this.parameter.value));
        this.remember();
    }

    /** One call a value: the curve grows while it is tried, and each call stays short. */
    async tryValues(values) {
        const ticket = ++this.ticket;
        Object.assign(this.state, { done: 0, total: values.length });
        for (const value of values) {
            try {
                const [point] = await this.orm.silent.call("exception.detector", "tune", [
                    [this.props.definition.id],
                    this.parameter.name,
                    [value],
                ]);
                if (ticket !== this.ticket) {
                    return;
                }
                this.addPoint(point);
                this.state.done++;
            } catch (error) {
                if (ticket === this.ticket) {
                    Object.assign(this.state, { error: errorMessage(error), total: 0, done: 0 });
                }
                return;
            }
        }
    }

    addPoint(point) {
        const others = this.state.points.filter(({ value }) => value !== point.value);
        this.state.points = [...others, point].sort((a, b) => a.value - b.value);
    }

    stop() {
        this.ticket++;
        Object.assign(this.state, { done: 0, total: 0 });
    }

    remember() {
        const { name, range, points, chosen, typed } = this.state;
        this.props.remember({ name, range, points, chosen, typed });
    }

    // ------------------------------------------------------------------
    // choosing and adopting
    // ------------------------------------------------------------------

    choose(value) {
        this.state.chosen = value;
        this.state.typed = String(value);
    }

    /** A typed value that was not tried yet is tried first. */
    async onTyped() {
        const value = parseValue(this.state.typed, this.parameter);
        if (value === null || !isWithinLimits(value, this.parameter)) {
            const { minimum, maximum, label } = this.parameter;
            this.state.error =
                value === null
                    ? _t("“%s” is no value for “%s”.", this.state.typed, label)
                    : _t("“%s” must lie between %s and %s.", label, minimum, maximum);
            this.state.typed = String(this.state.chosen);
            return;
        }
        this.state.error = "";
        this.choose(value);
        if (!this.pointOf(value) && !this.running) {
            await this.tryValues([value]);
        }
        this.remember();
    }

    pointOf(value) {
        return this.state.points.find((point) => point.value === value);
    }

    get chosenPoint() {
        return this.pointOf(this.state.chosen);
    }

    get currentPoint() {
        return this.pointOf(this.parameter.value);
    }

    format(value) {
        return formatParameter(value, this.parameter);
    }

    count(number) {
        return formatCount(number);
    }

    money(amount) {
        return formatMoney(amount, this.props.definition.currency_id);
    }

    get isChanged() {
        return this.state.chosen !== this.parameter.value;
    }

    get adoptLabel() {
        return _t("Adopt %s", this.format(this.state.chosen));
    }

    /** Say in sentences what adopting the chosen value changes. */
    get consequences() {
        const { parameter, chosenPoint, currentPoint } = this;
        const lines = [
            _t(
                "“%s” changes from %s to %s.",
                parameter.label,
                this.format(parameter.value),
                this.format(this.state.chosen)
            ),
        ];
        if (chosenPoint && currentPoint) {
            lines.push(
                _t(
                    "As of now it would open %s new cases with %s at stake, instead of %s with %s.",
                    this.count(chosenPoint.cases),
                    this.money(chosenPoint.exposure),
                    this.count(currentPoint.cases),
                    this.money(currentPoint.exposure)
                )
            );
        }
        if (parameter.companies.length) {
            const own = parameter.companies.map(({ name, value }) => `${name}: ${value}`);
            lines.push(_t("Companies with a value of their own keep it (%s).", own.join(", ")));
        }
        if (this.props.definition.state === "enabled") {
            lines.push(
                _t("From its next run on, open cases whose record no longer matches are closed.")
            );
        }
        return lines;
    }

    adopt() {
        this.dialog.add(ConfirmationDialog, {
            title: this.adoptLabel,
            body: this.consequences.join("\n"),
            confirmLabel: _t("Adopt"),
            confirm: () => this.confirmAdopt(),
            cancel: () => {},
        });
    }

    async confirmAdopt() {
        const { name, chosen } = this.state;
        const message = _t("“%s” is now %s.", this.parameter.label, this.format(chosen));
        try {
            await this.orm.silent.call("exception.detector", "adopt", [
                [this.props.definition.id],
                name,
                chosen,
            ]);
        } catch (error) {
            this.state.error = errorMessage(error);
            return;
        }
        this.notification.add(message, { type: "success" });
        await this.props.onAdopted();
    }
}
