/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_playbook_agent", {
    test: true,
    steps: () => [
        {
            content: "The steps of the case",
            trigger: ".o_notebook .nav-link:contains('Steps')",
        },
        {
            content: "The machine has sent the event",
            trigger:
                ".o_field_widget[name=step_ids] tr.o_data_row:contains('Tour: ask the warehouse'):contains('Done')",
            isCheck: true,
        },
        {
            content: "Mine is done",
            trigger:
                ".o_field_widget[name=step_ids] tr.o_data_row:contains('Tour: look for it') button[name=action_tick]",
        },
        {
            content: "and the next one waits for me",
            trigger:
                ".o_field_widget[name=step_ids] tr.o_data_row:contains('Tour: send it') button[name=action_answer]",
        },
        {
            content: "It is not needed",
            trigger: ".modal-body input[data-value=skip]",
        },
        {
            content: "Say why",
            trigger: ".modal-body .o_field_widget[name=note] textarea",
            run: "text The customer picked it up",
        },
        {
            content: "Save",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "The playbook is done",
            trigger: ".o_field_widget[name=play_state]:contains('Done')",
            isCheck: true,
        },
        {
            content: "and says why the step was skipped",
            trigger: ".o_field_widget[name=step_ids] tr:contains('The customer picked it up')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_playbook_lead", {
    test: true,
    url: "/web#action=exception_core.exception_playbook_action",
    steps: () => [
        {
            content: "Open the playbook",
            trigger: ".o_data_row:contains('Tour playbook') .o_data_cell[name=name]",
        },
        {
            content: "Try it on past cases",
            trigger: "button[name=action_try]",
        },
        {
            content: "What would have happened in all",
            trigger: ".modal-body .o_field_widget[name=summary]:contains('with a person')",
            isCheck: true,
        },
        {
            content: "step by step",
            trigger: ".modal-body tr[data-happens=done]:contains('Tour: ask the warehouse')",
            isCheck: true,
        },
        {
            content: "who would have been asked",
            trigger: ".modal-body tr[data-happens=person]:contains('Tour: look for it')",
            isCheck: true,
        },
        {
            content: "and what would have been passed over, and why",
            trigger: ".modal-body tr[data-happens=skipped]:contains('above 10,000')",
            isCheck: true,
        },
        {
            content: "Close",
            trigger: ".modal-footer button[special=cancel]",
        },
    ],
});
