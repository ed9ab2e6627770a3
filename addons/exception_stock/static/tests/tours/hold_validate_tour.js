/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_hold_validate", {
    test: true,
    steps: () => [
        {
            content: "The banner says what is wrong",
            trigger: ".o_form_view:contains('Wrong address')",
            isCheck: true,
        },
        {
            content: "Try to validate",
            trigger: ".o_form_statusbar button[name=button_validate]",
        },
        {
            content: "A dialog says what holds",
            trigger: ".modal-body .o_field_widget[name=line_ids]:contains('Wrong address')",
            isCheck: true,
        },
        { content: "Close it", trigger: ".modal-header .btn-close" },
        {
            content: "The transfer is as it was",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Ready')",
            isCheck: true,
        },
    ],
});
