/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_triage_rule", {
    test: true,
    url: "/web#action=exception_core.exception_rule_action",
    steps: () => [
        {
            content: "Write a rule",
            trigger: ".o_list_button_add",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "text Tour: large ones first",
        },
        {
            content: "Write the condition as text",
            trigger: "[name=domain] .o_exception_condition_switch",
        },
        {
            content: "A condition that cannot work",
            trigger: "[name=domain] textarea",
            run: "text [('due_state', '=', 'soon')]",
        },
        {
            content: "is explained while it is written",
            trigger: "[name=domain] .o_exception_condition_reason:contains('not stored')",
            isCheck: true,
        },
        {
            content: "One that works",
            trigger: "[name=domain] textarea",
            run: "text [('amount', '>=', 500), ('title', 'like', 'Tour')]",
        },
        {
            content: "counts the cases",
            trigger: "[name=domain] .o_domain_show_selection_button:contains('1')",
            isCheck: true,
        },
        {
            content: "They are high",
            trigger: ".o_field_widget[name=severity] select",
            run: 'text "2"',
        },
        {
            content: "A change needs a reason",
            trigger: ".o_field_widget[name=protect] input",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
        },
        {
            content: "Try the draft",
            trigger:
                ".o_form_saved button[name=action_try]:enabled, button[name=action_try]:enabled",
            extra_trigger: "button[name=action_enable]",
        },
        {
            content: "One case would be decided otherwise",
            trigger: ".o_exception_rule_lab [data-tile=changed]:contains('1')",
            isCheck: true,
        },
        {
            content: "from what it was to what it would be",
            trigger: ".o_exception_rule_lab [data-block=severity] td:contains('High')",
            isCheck: true,
        },
        {
            content: "Look at it",
            trigger: ".o_exception_lab_open",
        },
        {
            content: "It is the large one",
            trigger: ".o_data_row:contains('Tour: large')",
            isCheck: true,
        },
        {
            content: "Back to the trial",
            trigger: ".o_back_button, .breadcrumb-item a:contains('Try on past cases')",
        },
        {
            content: "Back to the rule",
            trigger: ".o_exception_rule_lab_back",
        },
        {
            content: "Enable it",
            trigger: "button[name=action_enable]",
        },
        {
            content: "It is in force",
            trigger: "button[name=action_disable]",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_triage_decision", {
    test: true,
    steps: () => [
        {
            content: "How was it decided?",
            trigger: ".o_notebook .nav-link:contains('How it was decided')",
        },
        {
            content: "The rule is named",
            trigger: "[data-field=severity][data-kind=rule]:contains('Tour: large ones first')",
            isCheck: true,
        },
        {
            content: "More",
            trigger: ".o_exception_more .dropdown-toggle",
        },
        {
            content: "Decide otherwise",
            trigger: ".o_exception_more button[name=action_change_decision]",
        },
        {
            content: "It is low",
            trigger: ".modal-body .o_field_widget[name=severity] select",
            run: 'text "4"',
        },
        {
            content: "The rule asks for a reason",
            trigger: ".modal-body .alert:contains('Tour: large ones first')",
            isCheck: true,
        },
        {
            content: "Give one",
            trigger: ".modal-body .o_field_widget[name=reason_id] input",
            run: "text Emergency",
        },
        {
            content: "Pick it",
            trigger: ".modal-body .ui-menu-item a:contains('Emergency')",
        },
        {
            content: "Change",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "The panel says who and why",
            trigger: "[data-field=severity][data-kind=person]:contains('Emergency')",
            isCheck: true,
        },
    ],
});
