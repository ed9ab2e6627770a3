/** @odoo-module **/

import { registry } from "@web/core/registry";
import { pickInDialog } from "./tour_steps";

/** Fails the tour with a sentence; a trigger that never comes says only what was waited for. */
function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

registry.category("web_tour.tours").add("exception_desk_agent", {
    test: true,
    url: "/web#action=exception_core.exception_team_overview_action",
    steps: () => [
        {
            content: "The team's card counts two cases that nobody owns",
            trigger:
                ".o_kanban_record:contains('Tour desk') .o_exception_numbers a:contains('Unassigned') .o_exception_number:contains('2')",
            isCheck: true,
        },
        {
            content: "Take the next case of this team",
            trigger: ".o_kanban_record:contains('Tour desk') button[name=action_take_next]",
        },
        {
            content: "The critical case comes first, and is at work",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('In Progress')",
            isCheck: true,
            run() {
                const title = document.querySelector("[name=title] textarea");
                check(title.value === "Tour: critical case", `took “${title.value}” instead`);
            },
        },
        {
            content: "Facts say why it is here",
            trigger: ".o_exception_facts td:contains('5.0 days')",
            isCheck: true,
        },
        {
            content: "Resolve is the primary button",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_resolve]",
            run() {
                const primary = document.querySelectorAll(".o_statusbar_buttons .btn-primary");
                check(primary.length === 1, `${primary.length} primary buttons`);
                primary[0].click();
            },
        },
        ...pickInDialog("root_cause_id", "Tour cause"),
        ...pickInDialog("resolution_id", "Tour reason"),
        {
            content: "Say what was done",
            trigger: ".modal-body .o_field_widget[name=note] textarea",
            run: "text Sent by courier",
        },
        {
            content: "Resolve",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "It is resolved, and the next step is the next case",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_take_next]",
            extra_trigger: ".o_statusbar_status .o_arrow_button_current:contains('Resolved')",
        },
        {
            content: "The next case is here",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('In Progress')",
            isCheck: true,
            run() {
                const title = document.querySelector("[name=title] textarea");
                check(title.value === "Tour: medium case", `took “${title.value}” instead`);
            },
        },
    ],
});

registry.category("web_tour.tours").add("exception_desk_move_on", {
    test: true,
    url: "/web#action=exception_core.exception_case_action_my_queue",
    steps: () => [
        {
            content: "Open the first case of the queue",
            trigger: ".o_data_row:contains('Tour: critical case') .o_data_cell[name=title]",
        },
        {
            content: "Say that it is a false alarm",
            trigger: ".o_exception_more button.dropdown-toggle",
            extra_trigger: ".o_form_view [name=name]",
        },
        {
            content: "The rare steps are behind the dots",
            trigger: ".o_exception_more button[name=action_false_alarm]",
        },
        ...pickInDialog("reason_id", "Tour false alarm"),
        {
            content: "Confirm",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "The desk moved on to the next case and says so",
            trigger: ".o_notification:contains('This is the next case')",
            run() {
                const title = document.querySelector("[name=title] textarea");
                check(title.value === "Tour: medium case", `moved on to “${title.value}”`);
            },
        },
        {
            content: "There is a way back",
            trigger: ".o_notification button:contains('Back to')",
        },
        {
            content: "The closed case says how it ended",
            trigger: ".o_exception_headline [name=outcome]:contains('False alarm')",
            isCheck: true,
        },
        {
            content: "Back to the list: same filters",
            trigger: ".o_back_button",
        },
        {
            content: "Only the other case is left in the queue",
            trigger: ".o_data_row:contains('Tour: medium case')",
            extra_trigger: ".o_searchview_facet:contains('My queue')",
            run() {
                const rows = document.querySelectorAll(".o_data_row");
                check(rows.length === 1, `${rows.length} rows`);
            },
        },
    ],
});
