/** @odoo-module **/

import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";

// Long enough for a number to be typed, short enough to feel at once.
const PAUSE = 250;

/**
 * Weights and curves of the priority, tried on the open cases while they are typed.
 *
 * Nothing is written before Save; the server answers for sense and nonsense in sentences.
 */
export class ScoreEditor extends Component {
    static template = "exception_core.ScoreEditor";
    static components = { Layout };
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.state = useState({
            parts: [],
            editable: false,
            dirty: false,
            error: "",
            rows: [],
            open: 0,
        });
        this.ticket = 0; // only the newest answer counts
        onWillStart(() => this.load());
    }

    async load() {
        const { parts, editable } = await this.orm.call("exception.score", "settings", []);
        for (const part of parts) {
            part.weight = this.format(part.weight);
            part.points = part.points.map((point) => point.map((value) => this.format(value)));
        }
        Object.assign(this.state, { parts, editable, dirty: false, error: "" });
        if (editable) {
            await this.preview();
        }
    }

    format(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    /** What is typed, as numbers; text that is none goes as it is, for the server to refuse. */
    number(text) {
        try {
            return parseFloat(text);
        } catch {
            return text;
        }
    }

    get values() {
        return this.state.parts.map((part) => ({
            code: part.code,
            weight: this.number(part.weight),
            points: part.points.map((point) => point.map((text) => this.number(text))),
        }));
    }

    get total() {
        const weights = this.values.map(({ weight }) => (Number.isFinite(weight) ? weight : 0));
        return weights.reduce((sum, weight) => sum + weight, 0);
    }

    /** How many of 100 points a part can give. */
    most(part) {
        const weight = this.number(part.weight);
        return this.total > 0 && weight > 0 ? Math.round((100 * weight) / this.total) : 0;
    }

    // ------------------------------------------------------------------
    // typing
    // ------------------------------------------------------------------

    setWeight(part, text) {
        part.weight = text;
        this.changed();
    }

    setPoint(part, index, place, text) {
        part.points[index][place] = text;
        this.changed();
    }

    addPoint(part) {
        part.points.push(["", part.points.length ? part.points.at(-1)[1] : this.format(100)]);
        this.state.dirty = true;
    }

    removePoint(part, index) {
        part.points.splice(index, 1);
        this.changed();
    }

    changed() {
        this.state.dirty = true;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.preview(), PAUSE);
    }

    async preview() {
        const ticket = ++this.ticket;
        const answer = await this.orm.silent.call("exception.score", "preview", [this.values]);
        if (ticket !== this.ticket) {
            return;
        }
        this.state.error = answer.error;
        if (!answer.error) {
            Object.assign(this.state, { rows: answer.rows, open: answer.open });
        }
    }

    // ------------------------------------------------------------------
    // showing
    // ------------------------------------------------------------------

    /** The curve as points of an SVG of 100 × 40. */
    line(part) {
        const points = part.points
            .map((point) => point.map((text) => this.number(text)))
            .filter(([x, share]) => Number.isFinite(x) && Number.isFinite(share));
        if (!points.length) {
            return "";
        }
        const [first, last] = [points[0][0], points.at(-1)[0]];
        const width = last - first || 1;
        return points
            .map(([x, share]) => `${(100 * (x - first)) / width},${40 - (share * 40) / 100}`)
            .join(" ");
    }

    move(row) {
        return row.before.rank - row.after.rank;
    }

    moveLabel(row) {
        const move = this.move(row);
        if (!move) {
            return _t("stays");
        }
        return move > 0 ? _t("%s up", move) : _t("%s down", -move);
    }

    openCase(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.case",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    async save() {
        await this.orm.call("exception.score", "save", [this.values]);
        this.notification.add(_t("Saved. The open cases are ranked anew within two minutes."), {
            type: "success",
        });
        await this.load();
    }
}

registry.category("actions").add("exception_score_editor", ScoreEditor);
