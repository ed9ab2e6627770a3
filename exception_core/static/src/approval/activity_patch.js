/** @odoo-module **/

import { Activity } from "@mail/core/web/activity";
import { ActivityListPopoverItem } from "@mail/core/web/activity_list_popover_item";
import { ActivityMenu } from "@mail/core/web/activity_menu";
import { patch } from "@web/core/utils/patch";
import { DecisionButtons } from "./decision_buttons";

Activity.components = { ...Activity.components, DecisionButtons };
ActivityListPopoverItem.components = { ...ActivityListPopoverItem.components, DecisionButtons };

/** In the chatter: the face of a request offers decisions and nothing that a chore offers. */
patch(Activity.prototype, {
    get isDecision() {
        return Boolean(this.props.data.exception_approval_step_id);
    },
    async onDecided() {
        const { thread, threadService } = this;
        const { data, reloadParentView, onUpdate } = this.props;
        const caseId = data.exception_shown_case_id;
        const shownOn = caseId ? threadService.getThread("exception.case", caseId) : thread;
        this.activityService.delete(data);
        await reloadParentView();
        await onUpdate(shownOn);
        await threadService.fetchNewMessages(shownOn);
    },
});

/** In the popover of lists and boards. */
patch(ActivityListPopoverItem.prototype, {
    get isDecision() {
        return Boolean(this.props.activity.exception_approval_step_id);
    },
    get hasEditButton() {
        return !this.isDecision && super.hasEditButton;
    },
    get hasMarkDoneButton() {
        return !this.isDecision && super.hasMarkDoneButton;
    },
    onDecided() {
        this.props.onActivityChanged?.();
    },
    onLeave() {
        this.props.onClickEditActivityButton?.();
    },
});

/** In the systray: the requests that wait for the user, with buttons, whatever their date. */
patch(ActivityMenu.prototype, {
    openActivityGroup(group, filter = "all") {
        if (group.model !== "exception.approval") {
            return super.openActivityGroup(group, filter);
        }
        document.body.click(); // closes the dropdown, as Odoo's own method does
        return this.action.doAction("exception_core.exception_approval_action_mine", {
            clearBreadcrumbs: true,
        });
    },
});
