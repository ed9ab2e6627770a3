/** @odoo-module **/

import { registry } from "@web/core/registry";

/** Steps with which a person finds what escalated to them: in the systray, then on the case. */
function findReminder(summary, person) {
    return [
        {
            content: "The systray counts one activity",
            trigger: ".o_menu_systray .o-mail-ActivityMenu-counter:contains('1')",
            isCheck: true,
        },
        {
            content: "Open the activities",
            trigger: ".o_menu_systray i[aria-label='Activities']",
        },
        {
            content: "Cases are among them",
            trigger: ".o-mail-ActivityGroup:contains('Exception Case')",
        },
        {
            content: "Open the case",
            trigger:
                ".o_data_row:contains('Tour: late case') .o_data_cell[name=title], .o_kanban_record:contains('Tour: late case')",
        },
        {
            content: "It says what is the matter",
            trigger: `.o-mail-Activity:contains('${summary}')`,
            isCheck: true,
            run() {
                const activities = document.querySelectorAll(".o-mail-Activity");
                const own = [...activities].filter((node) => node.innerText.includes(person));
                if (own.length !== 1) {
                    throw new Error(`${own.length} activities for ${person}`);
                }
            },
        },
    ];
}

registry.category("web_tour.tours").add("exception_escalation_owner", {
    test: true,
    url: "/web",
    steps: () => findReminder("Resolution is due soon", "Tour owner"),
});

registry.category("web_tour.tours").add("exception_escalation_lead", {
    test: true,
    url: "/web",
    steps: () => findReminder("Resolution is overdue", "Tour lead"),
});

registry.category("web_tour.tours").add("exception_escalation_category", {
    test: true,
    url: "/web",
    steps: () => [
        ...findReminder("Resolution is overdue", "Tour category"),
        {
            content: "The case says who raised its severity",
            trigger:
                ".o-mail-Message:contains('Severity raised from Medium to High by “Standard escalation”, level 3')",
            isCheck: true,
        },
        {
            content: "Look at what has escalated",
            trigger: "button[name=action_open_escalations]",
        },
        {
            content: "Three levels were reached",
            trigger: ".o_data_row:nth-child(3)",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_escalation_nothing", {
    test: true,
    url: "/web",
    steps: () => [
        {
            content: "Nobody reminds this person of anything",
            trigger: ".o_menu_systray i[aria-label='Activities']",
            run() {
                if (document.querySelector(".o-mail-ActivityMenu-counter")) {
                    throw new Error("There is an activity");
                }
            },
        },
    ],
});
