/** @odoo-module **/

import { registry } from "@web/core/registry";
import { pickInDialog } from "@exception_core/../tests/tours/tour_steps";

const CONFIRM = {
    content: "Confirm the quotation",
    trigger: ".o_form_statusbar button[name=action_confirm]:visible",
};
const DIALOG = {
    content: "The dialog says that it is on hold, and why",
    trigger: ".modal-body .o_data_row:contains('Price below cost')",
    extra_trigger: ".modal-title:contains('on hold')",
    isCheck: true,
};

registry.category("web_tour.tours").add("exception_hold_stopped", {
    test: true,
    steps: () => [
        {
            content: "The banner says it before anybody tries",
            trigger: ".o_exception_banner:contains('On hold')",
            isCheck: true,
        },
        CONFIRM,
        DIALOG,
        {
            content: "Who looks after it",
            trigger: ".modal-body .o_data_row:contains('Test desk')",
            isCheck: true,
        },
        {
            content: "A salesperson does not lift holds",
            trigger: ".modal-footer:not(:has(button[name=action_lift]:visible))",
            isCheck: true,
        },
        {
            content: "Close",
            trigger: ".modal-footer button[special=cancel]",
        },
        {
            content: "It is a quotation still",
            trigger: ".o_form_statusbar .o_arrow_button_current:contains('Quotation')",
            extra_trigger: "body:not(:has(.modal))",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_hold_lifted", {
    test: true,
    steps: () => [
        CONFIRM,
        DIALOG,
        {
            content: "Lift it",
            trigger: ".modal-footer button[name=action_lift]",
        },
        ...pickInDialog("reason_id", "Decided by management"),
        {
            content: "Say more",
            trigger: ".modal-body .o_field_widget[name=note] textarea",
            run: "text Agreed with the customer",
        },
        {
            content: "Lift and go on",
            trigger: ".modal-footer button[name=action_apply]:visible",
        },
        {
            content: "The order is confirmed",
            trigger: ".o_form_statusbar .o_arrow_button_current:contains('Sales Order')",
            extra_trigger: "body:not(:has(.modal))",
            isCheck: true,
        },
    ],
});
