/** @odoo-module **/

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BANNER = ".o_exception_waiting_change";

tours.add("exception_config_change", {
    test: true,
    steps: () => [
        { content: "Switch it off", trigger: "button[name=action_disable]" },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        {
            content: "It waits for a second person",
            trigger: `${BANNER}:contains('waits for a second person'):contains('Disabled')`,
            isCheck: true,
        },
        { content: "Say why", trigger: `${BANNER} button[name=action_explain_change]` },
        {
            content: "in a sentence",
            trigger: ".modal-body .o_field_widget[name=reason] input",
            run: "text No longer needed",
        },
        { content: "Save", trigger: ".modal-footer button[name=action_apply]" },
        {
            content: "Its author cannot agree",
            trigger: `${BANNER}:contains('You asked for it'):contains('No longer needed')`,
            extra_trigger: "body:not(:has(.modal))",
            run() {
                const agree = document.querySelector(`${BANNER} [name=action_agree_change]`);
                if (agree) {
                    throw new Error("The author is offered to agree");
                }
            },
        },
    ],
});

tours.add("exception_config_agree", {
    test: true,
    steps: () => [
        {
            content: "The second person reads what changes, and why",
            trigger: `${BANNER}:contains('No longer needed') td:contains('Disabled')`,
            isCheck: true,
        },
        { content: "Agree", trigger: `${BANNER} button[name=action_agree_change]` },
        {
            content: "It is off",
            trigger: "button[name=action_enable]",
            extra_trigger: `body:not(:has(${BANNER}:visible))`,
            isCheck: true,
        },
    ],
});

tours.add("exception_config_restore", {
    test: true,
    steps: () => [
        { content: "Open the versions", trigger: "button[name=action_open_versions]" },
        {
            content: "The list says what changed",
            trigger: ".o_data_row:contains('Severity')",
            isCheck: true,
        },
        {
            content: "Open the first one",
            trigger: ".o_data_row:contains('Created') [name=name]",
        },
        { content: "Take back", trigger: "button[name=action_restore]" },
        {
            content: "The dialog shows what would change",
            trigger: ".modal-body td:contains('Critical')",
            isCheck: true,
        },
        {
            content: "Say why",
            trigger: ".modal-body .o_field_widget[name=reason] input",
            run: "text It was better",
        },
        { content: "Apply", trigger: ".modal-footer button[name=action_apply]" },
        {
            content: "The rule is shown as it was",
            trigger: ".o_field_widget[name=severity] select",
            extra_trigger: "body:not(:has(.modal))",
            isCheck: true,
        },
    ],
});
