/** @odoo-module **/

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/**
 * Approve and Reject on the face of a request (its activity). One click approves; rejecting asks
 * for the reason in place. The server checks everything again: these buttons decide nothing.
 */
export class DecisionButtons extends Component {
    static template = "exception_core.DecisionButtons";
    static props = {
        activity: Object,
        /** called when the decision was taken, or could not be taken any more */
        onDecided: Function,
        /** called before another screen opens, for example to close a popover */
        onLeave: { type: Function, optional: true },
    };
    static defaultProps = { onLeave: () => {} };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ rejecting: false, comment: "", busy: false });
        useAutofocus({ refName: "comment", mobile: true });
    }

    get canReject() {
        return !this.state.busy && this.state.comment.trim().length > 0;
    }

    get placeholder() {
        return _t("Why not? The person who asked reads this.");
    }

    startRejecting() {
        this.state.rejecting = true;
    }

    stopRejecting() {
        this.state.rejecting = false;
        this.state.comment = "";
    }

    approve() {
        return this.decide("approve", false);
    }

    reject() {
        return this.decide("reject", this.state.comment.trim());
    }

    async decide(decision, comment) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const said = await this.orm.call(
                "mail.activity",
                "exception_decide",
                [[this.props.activity.id]],
                { decision, comment }
            );
            this.notification.add(said.message, { type: said.type });
        } finally {
            // also after a refusal: somebody else may have decided meanwhile
            this.state.busy = false;
            this.props.onDecided();
        }
    }

    async open() {
        const action = await this.orm.call("mail.activity", "exception_open_approval", [
            [this.props.activity.id],
        ]);
        this.props.onLeave();
        return this.action.doAction(action);
    }
}
