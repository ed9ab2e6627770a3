/** @odoo-module **/

import { registry } from "@web/core/registry";

const PEAKS = "/web#action=exception_core.exception_peak_action";
const QUEUE = "/web#action=exception_core.exception_case_action_all";
const tours = registry.category("web_tour.tours");

/** Return a day and time of tomorrow as the date field of the tour's language takes it. */
function tomorrow() {
    return luxon.DateTime.utc().plus({ days: 1 }).toFormat("MM/dd/yyyy HH:mm:ss");
}

tours.add("exception_peak_ask", {
    test: true,
    url: PEAKS,
    steps: () => [
        { content: "Ask for peak mode", trigger: ".o_list_button_add" },
        {
            content: "For what",
            trigger: ".o_field_widget[name=name] input",
            run: "text Tour: Black Friday",
        },
        {
            content: "Until tomorrow",
            trigger: ".o_field_widget[name=date_until] input",
            run: `text ${tomorrow()}`,
        },
        {
            content: "Look for the detector",
            trigger: ".o_field_widget[name=detector_ids] input",
            run: "text Tour: large",
        },
        {
            content: "Choose it",
            trigger:
                ".o_field_widget[name=detector_ids] .ui-menu-item a:contains('Tour: large orders')",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] textarea",
            run: "text 5,000 orders an hour",
        },
        { content: "Ask", trigger: ".o_form_button_save" },
        {
            content: "Another manager is needed",
            trigger: ".alert-info:contains('another manager agrees first')",
            isCheck: true,
        },
    ],
});

tours.add("exception_peak_agree", {
    test: true,
    url: QUEUE,
    steps: () => [
        {
            content: "The desk says that somebody asks",
            trigger:
                ".o_exception_peak_asked:contains('asks for peak mode') button:contains('Look')",
        },
        { content: "Agree", trigger: "button[name=action_agree]" },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        {
            content: "It is on",
            trigger: ".alert-warning:contains('On now')",
            isCheck: true,
        },
    ],
});

tours.add("exception_peak_banner", {
    test: true,
    url: QUEUE,
    steps: () => [
        {
            content: "The desk says what does not hold",
            trigger:
                ".o_exception_peak:contains('Tour: Black Friday'):contains('Tour: large orders')",
            isCheck: true,
        },
    ],
});

tours.add("exception_peak_confirm", {
    test: true,
    steps: () => [
        { content: "Confirm", trigger: "button[name=action_confirm]:visible" },
        {
            content: "Nothing holds the order",
            trigger: ".o_arrow_button_current:contains('Sales Order')",
            isCheck: true,
        },
    ],
});

tours.add("exception_peak_end", {
    test: true,
    url: PEAKS,
    steps: () => [
        { content: "Open it", trigger: ".o_data_row:contains('Tour: Black Friday') [name=name]" },
        { content: "End it", trigger: "button[name=action_end_now]" },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        {
            content: "It is over",
            trigger: ".o_arrow_button_current:contains('Ended')",
            isCheck: true,
        },
        { content: "What passed", trigger: "button[name=action_open_passed]" },
        {
            content: "is listed with its case",
            trigger: ".o_list_view .o_data_row [name=case_id]",
            isCheck: true,
        },
    ],
});
