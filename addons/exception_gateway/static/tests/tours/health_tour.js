/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_gateway_health", {
    test: true,
    url: "/web#action=exception_gateway.exception_gateway_health_action",
    steps: () => [
        {
            content: "The shop needs a look, and says why; a click on its dead letters",
            trigger: ".o_data_row:contains('Tour shop') a[data-figure=dead]:contains('2')",
            extra_trigger:
                ".o_data_row:contains('Tour shop') td[name=why]:contains('Dead letters')",
        },
        {
            content: "Exactly those are listed",
            trigger: ".o_last_breadcrumb_item:contains('Tour shop: dead')",
            extra_trigger: ".o_list_view:has(.o_data_row:eq(1)):not(:has(.o_data_row:eq(2)))",
            isCheck: true,
        },
        {
            content: "Back to the page",
            trigger: ".breadcrumb-item a:contains('Health')",
        },
        {
            content: "A click on the row opens everything of it",
            trigger: ".o_exception_health .o_data_row:contains('Tour shop') td[name=name]",
        },
        {
            content: "All three events",
            trigger: ".o_list_view:not(.o_exception_health) .o_data_row:eq(2)",
            isCheck: true,
        },
        {
            content: "What did we receive about the order?",
            trigger: ".o_searchview_input",
            run: "text S00042",
        },
        {
            content: "Search what events are about",
            trigger: ".o_searchview_autocomplete .o_menu_item:contains('About')",
        },
        {
            content: "One event is found",
            trigger: ".o_list_view:has(.o_data_row:eq(0)):not(:has(.o_data_row:eq(1)))",
            extra_trigger: ".o_data_row:contains('S00042')",
            isCheck: true,
        },
    ],
});
