/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_option_choose", {
    test: true,
    steps: () => [
        {
            content: "Ask what can be done",
            trigger: "button[name=action_propose_options]",
        },
        {
            content: "The ways out are ranked, each with its figures",
            trigger:
                ".o_exception_options .o_kanban_record:contains('1. Split'):contains('Costs'):contains('stock')",
            isCheck: true,
        },
        {
            content: "Ask why one is only second",
            trigger:
                ".o_exception_options .o_kanban_record:contains('2. Ship') summary:contains('Why this place')",
        },
        {
            content: "Its points are said in words",
            trigger:
                ".o_exception_options .o_kanban_record:contains('2. Ship') details[open]:contains('Place 2 of 3')",
            isCheck: true,
        },
        {
            content: "Take it nevertheless",
            trigger:
                ".o_exception_options .o_kanban_record:contains('2. Ship') button[name=action_choose]",
        },
        {
            content: "It asks once",
            trigger: ".modal-footer button:contains('Choose')",
        },
        {
            content: "It was chosen, and the others are gone",
            trigger:
                ".o_exception_options:not(:contains('1. Split')) .o_kanban_record:contains('2. Ship'):contains('Chosen')",
            isCheck: true,
        },
        {
            content: "and done",
            trigger: ".o_notebook .nav-link[name=actions]",
        },
        {
            content: "by its action",
            trigger: ".o_field_widget[name=run_ids] .o_data_row:contains('Done')",
            isCheck: true,
        },
    ],
});
