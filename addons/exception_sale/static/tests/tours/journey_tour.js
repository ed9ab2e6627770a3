/** @odoo-module **/

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("exception_journey_ask", {
    test: true,
    steps: () => [
        {
            content: "Confirm the quotation",
            trigger: ".o_form_statusbar button[name=action_confirm]:visible",
        },
        {
            content: "It is held; ask for the approval",
            trigger: ".modal-footer button[name=action_request_approval]",
            extra_trigger: ".modal-body .o_data_row:contains('Price below cost')",
        },
        {
            content: "Say why",
            trigger: ".modal-body .o_field_widget[name=note] textarea",
            run: "text The customer has a contract",
        },
        {
            content: "Request",
            trigger: ".modal-footer button[name=action_apply]:visible:contains('Request')",
        },
        {
            content: "It is said",
            trigger: ".o_notification:contains('Approval requested')",
            isCheck: true,
        },
        {
            content: "It is a quotation still, and waits",
            trigger: ".o_form_statusbar .o_arrow_button_current:contains('Quotation')",
            extra_trigger: "body:not(:has(.modal)) .o_exception_banner:contains('On hold')",
            isCheck: true,
        },
    ],
});

tours.add("exception_journey_approve", {
    test: true,
    url: "/web",
    steps: () => [
        {
            content: "Open the activities",
            trigger: ".o_menu_systray .dropdown-toggle:has(.fa-clock-o)",
        },
        {
            content: "Open the requests",
            trigger: ".o-mail-ActivityGroup[data-model_name='exception.approval']",
        },
        {
            content: "Open the activity of the request",
            trigger: ".o_data_row:contains('Lifts the hold') .o-mail-ActivityButton",
            extra_trigger: ".o_searchview_facet:contains('My turn')",
        },
        {
            content: "Approve on it",
            trigger: ".o-mail-ActivityListPopoverItem .o_exception_approve",
        },
        {
            content: "The result is said",
            trigger: ".o_notification:contains('Carried out')",
            isCheck: true,
        },
    ],
});

tours.add("exception_journey_audit", {
    test: true,
    steps: () => [
        {
            content: "Open the trail of the case",
            trigger: ".o_notebook .nav-link:contains('Audit')",
        },
        {
            content: "It says who was stopped, who agreed, and that the hold was lifted",
            trigger:
                ".o_field_widget[name=audit_ids]:has(.o_data_row:contains('test_exception_seller')):has(.o_data_row:contains('Tour chief'))",
            isCheck: true,
        },
        {
            content: "Go on to the list of entries",
            trigger: "button[name=action_open_audit]",
        },
        {
            content: "Run the verifier",
            trigger: "button[name=action_verify]",
        },
        {
            content: "The trail is whole",
            trigger: ".alert-success:contains('The trail is whole')",
            isCheck: true,
        },
    ],
});
