/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_desk_lead", {
    test: true,
    url: "/web#action=exception_core.exception_team_overview_action",
    steps: () => [
        {
            content: "The number opens the list that makes it",
            trigger:
                ".o_kanban_record:contains('Tour desk') .o_exception_numbers a:contains('Unassigned')",
        },
        {
            content: "The list is limited to the team and to what nobody owns",
            trigger: ".o_searchview_facet:contains('Unassigned')",
            extra_trigger: ".o_searchview_facet:contains('Tour desk')",
            run() {
                const rows = document.querySelectorAll(".o_data_row");
                if (rows.length !== 2) {
                    throw new Error(`${rows.length} rows instead of the 2 on the card`);
                }
            },
        },
        {
            content: "Select all",
            trigger: "thead .o_list_record_selector input",
        },
        {
            content: "Assign them",
            trigger: ".o_control_panel button[name=action_assign]",
        },
        {
            content: "Type the agent's name",
            trigger: ".modal-body .o_field_widget[name=user_id] input",
            run: "text Tour agent",
        },
        {
            content: "Pick the agent",
            trigger:
                ".modal-body .o_field_widget[name=user_id] .ui-menu-item a:contains('Tour agent')",
        },
        {
            content: "Assign",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "The result says how many",
            trigger: ".o_notification:contains('2')",
            isCheck: true,
        },
        {
            content: "Nothing is left unassigned",
            trigger: ".o_view_nocontent",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_desk_phone", {
    test: true,
    url: "/web#action=exception_core.exception_case_action_my_queue",
    steps: () => [
        {
            content: "On a phone the queue is made of cards",
            trigger: ".o_kanban_view .o_kanban_record:contains('Tour: critical case')",
        },
        {
            content: "The next step is one thumb away",
            trigger: ".o_exception_case_buttons > button[name=action_assign_to_me]",
            run() {
                const button = document.querySelector(
                    ".o_exception_case_buttons > button[name=action_assign_to_me]"
                );
                const { height } = button.getBoundingClientRect();
                if (height < 44) {
                    throw new Error(`the button is ${height} px high`);
                }
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`the page is ${scrollWidth - clientWidth} px too wide`);
                }
                button.click();
            },
        },
        {
            content: "It is at work",
            trigger: ".o_exception_case_buttons > button[name=action_resolve].btn-primary",
            isCheck: true,
        },
    ],
});
