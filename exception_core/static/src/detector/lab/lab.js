/** @odoo-module **/

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/webclient/actions/action_hook";
import { Layout } from "@web/search/layout";
import { LabBacktest } from "./lab_backtest";
import { LabTune } from "./lab_tune";

/**
 * Try a detector before it is trusted: back-test (what would it open now?) and tune (the same
 * for a range of values of one parameter). Nothing is written but an adopted value.
 */
export class DetectorLab extends Component {
    static template = "exception_core.DetectorLab";
    static components = { Layout, LabBacktest, LabTune };
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const context = this.props.action.context || {};
        this.detectorId = context.active_id;
        this.state = useState({
            tab: context.lab_tab || "backtest",
            definition: null,
            // what each tab showed, so that the way back from the records finds it again
            backtest: null,
            tune: null,
            ...(this.props.state?.lab || {}),
        });
        this.display = { controlPanel: {} };
        useSetupAction({ getLocalState: () => ({ lab: { ...this.state } }) });
        onWillStart(() => this.load());
    }

    async load() {
        if (!this.detectorId) {
            return;
        }
        this.state.definition = await this.orm.call("exception.detector", "lab_definition", [
            [this.detectorId],
        ]);
    }

    get tabs() {
        return [
            { id: "backtest", label: _t("Back-test") },
            { id: "tune", label: _t("Tune") },
        ];
    }

    openDetector() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.detector",
            res_id: this.detectorId,
            views: [[false, "form"]],
        });
    }

    openDetectors() {
        this.action.doAction("exception_core.exception_detector_action", {
            clearBreadcrumbs: true,
        });
    }

    /** A value was adopted: what was tried before rests on the old one. */
    async onAdopted() {
        this.state.backtest = null;
        await this.load();
    }
}

registry.category("actions").add("exception_detector_lab", DetectorLab);
