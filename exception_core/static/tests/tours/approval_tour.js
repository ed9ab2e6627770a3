/** @odoo-module **/

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Fails when something on a phone is too small for a thumb, or the page too wide. */
function checkThumb(selector) {
    const button = document.querySelector(selector);
    const { height } = button.getBoundingClientRect();
    if (height < 44) {
        throw new Error(`the button is ${height} px high`);
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error(`the page is ${scrollWidth - clientWidth} px too wide`);
    }
    return button;
}

tours.add("exception_approval_systray", {
    test: true,
    url: "/web",
    steps: () => [
        {
            content: "Open the activities",
            trigger: ".o_menu_systray .dropdown-toggle:has(.fa-clock-o)",
        },
        {
            content: "Requests have a group of their own",
            trigger: ".o-mail-ActivityGroup[data-model_name='exception.approval']",
        },
        {
            content: "It opens the list of what waits for me; its activity offers the decision",
            trigger: ".o_data_row:contains('Tour request') .o-mail-ActivityButton",
            extra_trigger: ".o_searchview_facet:contains('My turn')",
        },
        {
            content: "No chore: nothing to mark as done",
            trigger: ".o-mail-ActivityListPopoverItem .o_exception_approve",
            run() {
                if (document.querySelector(".o-mail-ActivityListPopoverItem-markAsDone")) {
                    throw new Error("the face can be marked as done");
                }
                this.$anchor[0].click();
            },
        },
        {
            content: "The result is said",
            trigger: ".o_notification:contains('Approved')",
            isCheck: true,
        },
    ],
});

tours.add("exception_approval_chatter", {
    test: true,
    steps: () => [
        {
            content: "The chatter of the case shows who is asked",
            trigger: ".o-mail-Activity:contains('Tour request') .o_exception_reject",
        },
        {
            content: "Rejecting without a word is not offered",
            trigger: ".o-mail-Activity .o_exception_reject_confirm:disabled",
            isCheck: true,
        },
        {
            content: "Say why",
            trigger: ".o-mail-Activity .o_exception_decision textarea",
            run: "text The carrier pays for this",
        },
        {
            content: "Reject",
            trigger: ".o-mail-Activity .o_exception_reject_confirm:not(:disabled)",
        },
        {
            content: "The case says so",
            trigger: ".o-mail-Message:contains('The carrier pays for this')",
            extra_trigger: ".o_form_view:not(:has(.o-mail-Activity))",
            isCheck: true,
        },
    ],
});

tours.add("exception_approval_bulk", {
    test: true,
    url: "/web#action=exception_core.exception_approval_action_mine",
    steps: () => [
        {
            content: "Three wait",
            trigger: ".o_data_row:nth-child(3)",
            isCheck: true,
        },
        {
            content: "Select all",
            trigger: "thead .o_list_record_selector input",
        },
        {
            content: "Approve them",
            trigger: ".o_control_panel button[name=action_approve]",
        },
        {
            content: "The sum is shown before",
            trigger: ".modal-body:contains('300.00')",
            isCheck: true,
        },
        {
            content: "Go",
            trigger: ".modal-footer button[name=action_apply]:visible",
        },
        {
            content: "The result says how many, and which not",
            trigger:
                ".modal-body:contains('Approved') .o_field_widget[name=done_count]:contains('2')",
            extra_trigger: ".modal-body .o_data_row:contains('owns the case')",
            isCheck: true,
        },
        {
            content: "Close",
            trigger: ".modal-footer button:contains('Close')",
        },
        {
            content: "Nothing of it is left",
            trigger: "body:not(:has(.modal))",
            isCheck: true,
        },
    ],
});

tours.add("exception_approval_phone", {
    test: true,
    url: "/web#action=exception_core.exception_approval_action_mine",
    steps: () => [
        {
            content: "On a phone requests are cards",
            trigger: ".o_kanban_record:contains('Tour request')",
            isCheck: true,
        },
        {
            content: "Approve is thumb-sized",
            trigger: ".o_kanban_record:contains('Tour request') button[name=action_approve]",
            run() {
                checkThumb(".o_kanban_record button[name=action_reject]");
                checkThumb(".o_kanban_record button[name=action_approve]").click();
            },
        },
        {
            content: "Asked once",
            trigger: ".modal-footer button.btn-primary:contains('Approve')",
        },
        {
            content: "It is off the list",
            trigger: ".o_view_nocontent",
            isCheck: true,
        },
    ],
});
