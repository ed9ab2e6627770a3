/** @odoo-module **/

import { registry } from "@web/core/registry";

const CONDITION =
    "[('client_order_ref', '=', 'TOUR'), ('state', '=', 'draft'), ('amount_total', '>', max_total)]";

function select(element, value) {
    element.value = value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
}

function type(element, value) {
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("exception_detector_journey", {
    test: true,
    url: "/web#action=exception_core.exception_detector_action",
    steps: () => [
        { content: "Write a new detector", trigger: ".o_list_button_add" },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "text Tour: quotation over the limit",
        },
        {
            content: "It checks sales orders",
            trigger: ".o_field_widget[name=model_id] input",
            run: "text Sales Order",
        },
        {
            content: "Pick the model",
            trigger: ".o_field_widget[name=model_id] .ui-menu-item a:contains('Sales Order')",
        },
        {
            content: "It opens cases of a type",
            trigger: ".o_field_widget[name=type_id] input",
            run: "text Unusual order",
        },
        {
            content: "Pick the type",
            trigger: ".o_field_widget[name=type_id] .ui-menu-item a:contains('Unusual order')",
        },
        {
            content: "It looks when it happens",
            trigger: ".o_field_widget[name=cadence] select",
            run({ anchor }) {
                select(
                    anchor || document.querySelector(".o_field_widget[name=cadence] select"),
                    '"realtime"'
                );
            },
        },
        {
            content: "Add a parameter",
            trigger: ".o_field_widget[name=parameter_ids] .o_field_x2many_list_row_add a",
        },
        {
            content: "What it means",
            trigger: ".o_selected_row .o_field_widget[name=label] input",
            run: "text Highest total",
        },
        {
            content: "Its value",
            trigger: ".o_selected_row .o_field_widget[name=value] input",
            run: "text 5000",
        },
        {
            content: "Its name in the condition",
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "text max_total",
        },
        { content: "Write the condition as text", trigger: ".o_exception_condition_switch" },
        {
            content: "Type the condition with the parameter",
            trigger: "textarea.o_exception_condition_text",
            run: `text ${CONDITION}`,
        },
        {
            content: "Back to the editor: the names survive, and one record is counted",
            trigger: ".o_exception_condition_switch",
        },
        {
            content: "The counter evaluates the parameter",
            trigger: ".o_domain_show_selection_button:contains('1 record')",
            isCheck: true,
        },
        { content: "Back-test it", trigger: "button[name=action_open_backtest]" },
        {
            content: "It would open one case",
            trigger: ".o_exception_lab [data-tile=cases]:contains('1')",
            isCheck: true,
        },
        { content: "Tune it", trigger: ".o_exception_lab [data-tab=tune]" },
        {
            content: "Try these values",
            trigger: ".o_exception_lab button:contains('Try these values')",
        },
        {
            content: "Type a value",
            trigger: ".o_exception_tune_choice input[name=chosen]",
            run() {
                type(document.querySelector(".o_exception_tune_choice input[name=chosen]"), "1000");
            },
        },
        {
            content: "At a thousand it would open two",
            trigger: ".o_exception_tune_outcome strong:contains('2')",
            isCheck: true,
        },
        {
            content: "Adopt the value",
            trigger:
                ".o_exception_tune_adopt:contains('1,000'):enabled, .o_exception_tune_adopt:contains('1000'):enabled",
        },
        {
            content: "Agree to what it changes",
            trigger: ".modal-footer .btn-primary:contains('Adopt')",
        },
        {
            content: "It is the value now",
            trigger: ".o_exception_tune_adopt:disabled",
            isCheck: true,
        },
        { content: "Back to the detector", trigger: "button:contains('Open detector'):visible" },
        { content: "Enable it", trigger: "button[name=action_enable]" },
        {
            content: "It is enabled",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Enabled')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_salesperson_journey", {
    test: true,
    steps: () => [
        {
            content: "Raise the quantity on the order",
            trigger: ".o_field_widget[name=order_line] .o_data_row td[name=product_uom_qty]",
        },
        {
            content: "Fifty pieces",
            trigger: ".o_selected_row .o_field_widget[name=product_uom_qty] input",
            run: "text 50",
        },
        { content: "Save", trigger: ".o_form_button_save" },
        {
            content: "The new total is there",
            trigger: ".oe_subtotal_footer:contains('5,000.00')",
            isCheck: true,
        },
        {
            content: "It is saved",
            trigger: ".o_form_status_indicator_buttons.invisible",
            isCheck: true,
            allowInvisible: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_salesperson_sees", {
    test: true,
    steps: () => [
        {
            content: "The order says that a case is open",
            trigger: ".o_form_view:contains('Unusual order')",
            isCheck: true,
        },
    ],
});
