/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_gateway_subscription", {
    test: true,
    steps: () => [
        { content: "Activate it", trigger: "button[name=action_activate]" },
        {
            content: "The secret is shown, once",
            trigger: ".o_field_widget[name=secret]:contains('whsec_')",
            isCheck: true,
        },
        { content: "Copied", trigger: ".modal-footer .btn:contains('I have copied it')" },
        {
            content: "Send a test",
            trigger: "button[name=action_ping]",
            extra_trigger: "body:not(:has(.modal))",
        },
        {
            content: "The receiver has accepted it",
            trigger: ".alert-success:contains('200')",
            isCheck: true,
        },
        {
            content: "and what it said is shown",
            trigger: ".o_data_cell[name=answer]:contains('thank you')",
            isCheck: true,
        },
        { content: "Close", trigger: ".btn-close" },
        {
            content: "One was delivered: open the list",
            trigger: ".oe_stat_button:contains('Delivered')",
            extra_trigger: "body:not(:has(.modal))",
        },
        {
            content: "The test is listed",
            trigger: ".o_list_view .o_data_cell:contains('test.ping')",
            isCheck: true,
        },
    ],
});
