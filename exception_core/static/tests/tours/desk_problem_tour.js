/** @odoo-module **/

import { registry } from "@web/core/registry";
import { pickInDialog } from "./tour_steps";

const ROW = ".o_data_row:contains('Tour problem type')";

/** Five cases of one customer are suggested, become a problem, and end together. */
registry.category("web_tour.tours").add("exception_desk_problem", {
    test: true,
    url: "/web#action=exception_core.exception_problem_suggestion_action",
    steps: () => [
        {
            content: "Do not wait for the night",
            trigger: ".o_control_panel button[name=action_look_now]",
        },
        {
            content: "The suggestion says in words why",
            trigger: `${ROW}:contains('5 cases'):contains('Tour customer'):contains('at stake')`,
            isCheck: true,
        },
        {
            content: "Make a problem of it",
            trigger: `${ROW} button[name=action_open_problem]`,
        },
        {
            content: "The problem holds the cases and says what is at stake",
            trigger: ".o_exception_line:contains('open of 5 cases')",
            extra_trigger: ".o_statusbar_status .o_arrow_button_current:contains('Open')",
            isCheck: true,
        },
        {
            content: "Begin",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_start]",
        },
        {
            content: "Say what helps for now",
            trigger: ".o_field_widget[name=workaround] textarea",
            extra_trigger: ".o_statusbar_status .o_arrow_button_current:contains('In Progress')",
            run: "text Send by courier",
        },
        {
            content: "Resolving is the next step now",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_resolve]",
        },
        ...pickInDialog("root_cause_id", "Tour cause"),
        ...pickInDialog("resolution_id", "Tour reason"),
        {
            content: "Say once what was done",
            trigger: ".modal-body .o_field_widget[name=note] textarea",
            run: "text The carrier has drivers again",
        },
        {
            content: "Resolve all",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "The problem is resolved with its cases",
            trigger:
                ".o_exception_line:contains('open of 5 cases') [name=open_count]:contains('0')",
            extra_trigger: ".o_statusbar_status .o_arrow_button_current:contains('Resolved')",
            isCheck: true,
        },
        {
            content: "Close it for good",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_close]",
        },
        {
            content: "It is closed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Closed')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_desk_add_to_problem", {
    test: true,
    url: "/web#action=exception_core.exception_case_action_all",
    steps: () => [
        {
            content: "Select a case",
            trigger: ".o_data_row:contains('Tour: medium case') .o_list_record_selector input",
        },
        {
            content: "Look at the rarer steps",
            trigger: ".o_control_panel button.dropdown-toggle:contains('More')",
        },
        {
            content: "Add it to a problem",
            trigger: ".o_exception_more button[name=action_add_to_problem]",
        },
        ...pickInDialog("problem_id", "Tour problem"),
        {
            content: "Add",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "Open the case",
            trigger: ".o_data_row:contains('Tour: medium case') .o_data_cell[name=title]",
            extra_trigger: "body:not(:has(.modal))",
        },
        {
            content: "The case says what helps for now, and leads to its problem",
            trigger: "button[name=action_open_problem]",
            extra_trigger: ".alert:contains('Send by courier')",
        },
        {
            content: "The problem is there; an agent reads it",
            trigger: ".o_exception_line:contains('open of 1 cases')",
            run() {
                if (document.querySelector(".o_statusbar_buttons button[name=action_start]")) {
                    throw new Error("an agent is offered to start a problem");
                }
            },
        },
    ],
});
