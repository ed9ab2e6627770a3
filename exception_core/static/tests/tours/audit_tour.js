/** @odoo-module **/

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("exception_audit_trail", {
    test: true,
    url: "/web#action=exception_core.exception_case_action_all",
    steps: () => [
        {
            content: "Open the critical case",
            trigger: ".o_data_row:contains('Tour: critical case') td[name=title]",
        },
        {
            content: "Open its trail",
            trigger: ".o_notebook .nav-link:contains('Audit')",
        },
        {
            content: "It says who did what, and what it was before",
            trigger:
                ".o_field_widget[name=audit_ids] .o_data_row:contains('Tour lead') td[name=summary]:contains('Severity')",
            extra_trigger: ".o_field_widget[name=audit_ids] .o_data_row:contains('Case opened')",
            isCheck: true,
        },
        {
            content: "Go on with filters",
            trigger: "button[name=action_open_audit]",
        },
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            extra_trigger:
                ".breadcrumb-item:contains('Trail of'), .o_last_breadcrumb_item:contains('Trail of')",
        },
        {
            content: "What was decided otherwise than the rules",
            trigger: ".o_filter_menu .o_menu_item:contains('Decided otherwise')",
        },
        {
            content: "One entry is left, and says why",
            trigger: ".o_data_row:contains('The customer called') td[name=event]",
            extra_trigger:
                ".o_list_view:not(:has(.o_data_row:contains('Case opened'))) .o_data_row",
        },
        {
            content: "Its form says it in sentences, with the proof beside",
            trigger: ".o_field_widget[name=change_rows]:contains('Critical')",
            extra_trigger: ".o_form_view .o_field_widget[name=hash]",
            isCheck: true,
        },
        {
            content: "Nothing can be changed or deleted",
            trigger: ".o_form_view .o_form_readonly, .o_form_view .o_form_editable",
            run: () => {
                const input = document.querySelector(
                    ".o_form_view .o_field_widget input:not([disabled])"
                );
                if (input && input.type !== "checkbox") {
                    throw new Error("The entry looks as if it could be edited");
                }
            },
        },
        {
            content: "Back to the trail",
            trigger: ".breadcrumb-item:contains('Trail of') a, .o_back_button a",
        },
        {
            content: "Run the verifier",
            trigger: "button[name=action_verify]",
        },
        {
            content: "It is whole, and says how many entries it has seen",
            trigger: ".alert-success:contains('The trail is whole')",
            extra_trigger: ".o_field_widget[name=entries]",
            isCheck: true,
        },
    ],
});
