/** @odoo-module **/

import { registry } from "@web/core/registry";

const SAMPLE = {
    id: "evt_tour",
    type: "charge.failed",
    created: 1700000000,
    data: { object: { customer: "TOUR-1", amount: 1250, currency: "eur" } },
};
const RESULT = ".o_field_widget[name=trial]";
const MAPPING = ".o_field_widget[name=mapping] textarea";
const GOOD =
    "{what: type, when: created, reference: data.object.customer," +
    " minor: data.object.amount, currency: data.object.currency}";

/** Put text into a field as a paste does: no key is pressed, and the field is not left. */
function paste(selector, text) {
    return () => {
        const area = document.querySelector(selector);
        area.value = typeof text === "function" ? text(area.value) : text;
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
}

function menu(xmlid) {
    return [
        {
            content: "Open the menu",
            trigger: "button[data-menu-xmlid='exception_gateway.menu_integration']",
        },
        { content: "and choose", trigger: `.dropdown-item[data-menu-xmlid='${xmlid}']` },
    ];
}

registry.category("web_tour.tours").add("exception_gateway_contract", {
    test: true,
    steps: () => [
        // an endpoint
        { content: "New endpoint", trigger: ".o_list_button_add" },
        {
            content: "Its name",
            trigger: ".o_field_widget[name=name] input",
            run: "text Tour endpoint",
        },
        {
            content: "Its system",
            trigger: ".o_field_widget[name=system_id] input",
            run: "text Test shop",
        },
        { content: "is known", trigger: ".ui-autocomplete a:contains('Test shop')" },
        { content: "Save it", trigger: ".o_form_button_save" },
        { content: "Set its secret", trigger: "button[name=action_rotate]:visible" },
        { content: "Take the one that was made", trigger: ".modal-footer [name=action_apply]" },
        { content: "It is shown once", trigger: ".modal-footer .btn:contains('I have copied it')" },
        {
            content: "Activate it",
            trigger: "button[name=action_activate]",
            extra_trigger: "body:not(:has(.modal))",
        },
        {
            content: "It is active",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Active')",
            isCheck: true,
        },
        // a contract, tried on a pasted message
        ...menu("exception_gateway.menu_event_contract"),
        { content: "The draft", trigger: ".o_data_row:contains('Tour contract') [name=name]" },
        {
            content: "For the new endpoint",
            trigger: ".o_field_widget[name=endpoint_ids] input",
            run: "text Tour endpoint",
        },
        { content: "is known", trigger: ".ui-autocomplete a:contains('Tour endpoint')" },
        {
            content: "Paste a message",
            trigger: ".o_field_widget[name=sample] textarea",
            run: paste(".o_field_widget[name=sample] textarea", JSON.stringify(SAMPLE, null, 2)),
        },
        {
            content: "The mapping leads nowhere yet",
            trigger: `${RESULT} [data-part=record][data-state=bad]`,
            isCheck: true,
        },
        {
            content: "A slip of the pen",
            trigger: MAPPING,
            run: paste(MAPPING, "{what: type,\n  reference data.object.customer}"),
        },
        {
            content: "is shown at its line",
            trigger: ".o_field_widget[name=mapping_problem]:contains('Line 2')",
            isCheck: true,
        },
        { content: "Put it right", trigger: MAPPING, run: paste(MAPPING, GOOD) },
        {
            content: "The record is found",
            trigger: `${RESULT} [data-part=record]:contains('Tour customer')`,
            isCheck: true,
        },
        {
            content: "and a case would open",
            trigger: `${RESULT} [data-part=outcome]:contains('Open a case')`,
            isCheck: true,
        },
        { content: "Save", trigger: ".o_form_button_save" },
        {
            content: "Activate",
            trigger: "button[name=action_activate]",
            extra_trigger: ".o_form_saved",
        },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        { content: "Send the message", trigger: "button[name=action_send_sample]:visible" },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
            isCheck: true,
        },
        { content: "See the case", trigger: "button[name=action_open_cases]" },
        {
            content: "It is on the customer",
            trigger: ".o_action_manager:contains('Tour customer')",
            isCheck: true,
        },
        // a version with a broken mapping
        ...menu("exception_gateway.menu_event_contract"),
        { content: "The contract", trigger: ".o_data_row:contains('Tour contract') [name=name]" },
        { content: "New version", trigger: "button[name=action_new_version]" },
        {
            content: "Break it",
            trigger: MAPPING,
            extra_trigger: ".o_field_widget[name=number]:contains('2')",
            run: paste(MAPPING, (text) => text.replace("what: type", "what: word")),
        },
        {
            content: "The pane says so",
            trigger: `${RESULT} [data-part=form][data-state=bad]`,
            isCheck: true,
        },
        { content: "Save", trigger: ".o_form_button_save" },
        {
            content: "Activate all the same",
            trigger: "button[name=action_activate]",
            extra_trigger: ".o_form_saved",
        },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        { content: "Send the message", trigger: "button[name=action_send_sample]:visible" },
        { content: "Really", trigger: ".modal-footer .btn-primary" },
        {
            content: "It is dead",
            trigger: ".alert-danger:contains('what happened')",
            isCheck: true,
        },
        // the dead letter
        ...menu("exception_gateway.menu_event_dead"),
        { content: "Find it", trigger: ".o_data_row:contains('Tour endpoint') [name=name]" },
        { content: "Edit and replay", trigger: "button[name=action_edit_replay]:visible" },
        {
            content: "Put the word in",
            trigger: ".modal-body .o_field_widget[name=content] textarea",
            run: paste(".modal-body .o_field_widget[name=content] textarea", (text) =>
                text.replace('"id"', '"word": "charge.failed", "id"')
            ),
        },
        {
            content: "Now it would be understood",
            trigger: ".modal-body .o_field_widget[name=result]:contains('up to date')",
            isCheck: true,
        },
        {
            content: "Say why",
            trigger: ".modal-body .o_field_widget[name=reason] input",
            run: "text The shop forgot the word",
        },
        { content: "Replay", trigger: ".modal-footer button[name=action_apply]" },
        { content: "Really", trigger: ".modal-footer .btn-primary:contains('Ok')" },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
            extra_trigger: ".o_field_widget[name=replay_reason]:contains('The shop forgot')",
            isCheck: true,
        },
    ],
});
