/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_hold_post", {
    test: true,
    steps: () => [
        {
            content: "Try to confirm the bill",
            trigger: ".o_form_statusbar button[name=action_post]:visible",
        },
        {
            content: "A dialog says what holds",
            trigger: ".modal-body .o_field_widget[name=line_ids]:contains('Bank account is new')",
            isCheck: true,
        },
        { content: "Close it", trigger: ".modal-header .btn-close" },
        {
            content: "The bill is still a draft",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Draft')",
            isCheck: true,
        },
    ],
});
