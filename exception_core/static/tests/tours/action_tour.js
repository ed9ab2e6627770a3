/** @odoo-module **/

import { registry } from "@web/core/registry";
import { pickInDialog } from "./tour_steps";

registry.category("web_tour.tours").add("exception_action_do_and_undo", {
    test: true,
    steps: () => [
        {
            content: "Do something about the case",
            trigger: "button[name=action_do]",
        },
        ...pickInDialog("action_id", "Set a field"),
        {
            content: "Its inputs appear: which field",
            trigger: ".modal-body [data-input=field] select",
            run: "text severity",
        },
        {
            content: "and what it becomes",
            trigger: ".modal-body [data-input=value] input",
            run: "text Critical",
        },
        {
            content: "It says before what will happen",
            trigger: ".modal-body .alert:contains('to “Critical”'):contains('can be taken back')",
            isCheck: true,
        },
        {
            content: "Do it",
            trigger: ".modal-footer button[name=action_apply]:visible",
        },
        {
            content: "The case keeps what was done",
            trigger: ".o_notebook .nav-link[name=actions]",
        },
        {
            content: "before and after",
            trigger:
                ".o_field_widget[name=run_ids] .o_data_row:contains('Done'):contains('Critical')",
            isCheck: true,
        },
        {
            content: "Take it back",
            trigger: ".o_field_widget[name=run_ids] button[name=action_undo]",
        },
        {
            content: "It asks why",
            trigger: ".modal-body .o_field_widget[name=reason] textarea",
            run: "text Not that bad after all",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "It was taken back",
            trigger: ".o_field_widget[name=run_ids] .o_data_row:contains('Taken back')",
            isCheck: true,
        },
    ],
});
