/** @odoo-module **/

import { useService } from "@web/core/utils/hooks";
import { Component, onMounted, onWillUnmount, status, useState } from "@odoo/owl";

// Who keeps a screen open all day shall see it, too.
const REFRESH_MS = 5 * 60 * 1000;

/**
 * Says above the screens of the desk that work in the background stands still, to team leads and
 * administrators. It is judged by the server at this moment, and never holds up the screen.
 */
export class WatchdogBanner extends Component {
    static template = "exception_core.WatchdogBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.user = useService("user");
        this.action = useService("action");
        this.state = useState({ found: null });
        onMounted(() => {
            this.look();
            this.timer = setInterval(() => this.look(), REFRESH_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        let found = null;
        try {
            if (await this.user.hasGroup("exception_core.group_lead")) {
                found = await this.orm.silent.call("exception.watchdog", "status", []);
            }
        } catch {
            // no connection, or a server that is being updated: the screen itself says so
            return;
        }
        if (status(this) !== "destroyed") {
            this.state.found = found && found.title ? found : null;
        }
    }

    open(xmlId) {
        this.action.doAction(xmlId);
    }
}
