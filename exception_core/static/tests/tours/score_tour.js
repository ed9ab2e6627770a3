/** @odoo-module **/

import { registry } from "@web/core/registry";

const MONEY = ".o_score_part[data-code=money]";

registry.category("web_tour.tours").add("exception_score_editor", {
    test: true,
    url: "/web#action=exception_core.exception_score_action",
    steps: () => [
        {
            content: "The preview names the first case as it is now",
            trigger: ".o_score_preview tbody tr:first-child:contains('Tour: critical case')",
            isCheck: true,
        },
        {
            content: "Nonsense is answered while it is typed",
            trigger: `${MONEY} tbody tr:nth-child(2) .o_score_x`,
            run: "text -5",
        },
        {
            content: "In a sentence, and it cannot be saved",
            trigger: ".o_score_preview .alert:contains('must increase')",
            extra_trigger: ".o_score_save:disabled",
            isCheck: true,
        },
        {
            content: "Make sense again",
            trigger: `${MONEY} tbody tr:nth-child(2) .o_score_x`,
            run: "text 100",
        },
        {
            content: "Let money count more than all else",
            trigger: `${MONEY} .o_score_weight input`,
            run: "text 900",
        },
        {
            content: "The dear case moves up, before anything is saved",
            trigger: ".o_score_preview tbody tr:first-child:contains('Tour: medium case')",
            extra_trigger: ".o_score_preview tbody tr:first-child .o_score_move:contains('1 up')",
            isCheck: true,
        },
        {
            content: "Save",
            trigger: ".o_score_save",
        },
        {
            content: "It says so",
            trigger: ".o_notification:contains('ranked anew')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_score_case", {
    test: true,
    url: "/web#action=exception_core.exception_case_action_all",
    steps: () => [
        {
            content: "The list shows the priority; open the first case",
            trigger: ".o_data_row:first-child td[name=title]",
            extra_trigger: ".o_data_row:first-child .o_exception_score_value",
        },
        {
            content: "The case says what its points come from",
            trigger: ".o_exception_panel:contains('Why it ranks') td",
            extra_trigger: ".o_exception_panel th:contains('Critical severity')",
            isCheck: true,
        },
    ],
});
