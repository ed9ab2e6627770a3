/** @odoo-module **/

import { useService } from "@web/core/utils/hooks";
import { Component, onMounted, onWillUnmount, status, useState } from "@odoo/owl";

// Its end is announced with it, so that seldom is enough.
const REFRESH_MS = 5 * 60 * 1000;
const NOTHING = { on: [], asked: [] };

/**
 * Says above the screens of the desk that detectors warn instead of hold, until when, and which;
 * and to managers that somebody asks for it. It never holds up the screen.
 */
export class PeakBanner extends Component {
    static template = "exception_core.PeakBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ found: NOTHING });
        onMounted(() => {
            this.look();
            this.timer = setInterval(() => this.look(), REFRESH_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        try {
            const found = await this.orm.silent.call("exception.peak", "status", []);
            if (status(this) !== "destroyed") {
                this.state.found = found;
            }
        } catch {
            // no connection, or a server that is being updated: the screen itself says so
        }
    }

    open(peak) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exception.peak",
            res_id: peak.id,
            views: [[false, "form"]],
        });
    }
}
