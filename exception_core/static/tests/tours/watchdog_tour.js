/** @odoo-module **/

import { registry } from "@web/core/registry";

const BANNER = ".o_exception_watchdog:contains('Nothing has run in the background since')";

function seen(screen, selector) {
    return {
        content: `The banner is above ${screen}`,
        trigger: `${selector} ${BANNER}`,
        run() {
            const { width } = this.$anchor[0].getBoundingClientRect();
            if (width < document.querySelector(".o_action_manager").clientWidth - 1) {
                throw new Error(`The banner is ${width} pixels wide, not as wide as ${screen}`);
            }
        },
    };
}

function unseen(screen, selector) {
    return {
        content: `No banner above ${screen}`,
        trigger: selector,
        run() {
            if (document.querySelector(".o_exception_watchdog")) {
                throw new Error(`The banner is above ${screen}`);
            }
        },
    };
}

/** Opening the app by its menu, so that its menus are there when the next steps want them. */
function openApp() {
    return [
        { content: "Show the apps", trigger: ".o_navbar_apps_menu button" },
        {
            content: "Open the desk",
            trigger: ".o_app[data-menu-xmlid='exception_core.menu_root']",
        },
    ];
}

function go(menu, item) {
    const steps = [
        {
            content: `Open the menu ${menu}`,
            trigger: `.o_main_navbar [data-menu-xmlid='exception_core.${menu}']`,
        },
    ];
    if (item) {
        steps.push({
            content: `Choose ${item}`,
            trigger: `.dropdown-item[data-menu-xmlid='exception_core.${item}']`,
        });
    }
    return steps;
}

registry.category("web_tour.tours").add("exception_watchdog_lead", {
    test: true,
    url: "/web",
    steps: () => [
        ...openApp(),
        seen("the overview", ".o_exception_overview"),
        ...go("menu_cases", "menu_case_all"),
        seen("the queue", ".o_list_view"),
        ...go("menu_cases", "menu_case_board"),
        seen("the board", ".o_kanban_view:not(.o_exception_overview)"),
        {
            content: "Details open the interruptions",
            trigger: ".o_exception_watchdog button:contains('Details')",
        },
        {
            content: "This one is noted",
            trigger: ".o_list_view .o_data_row td:contains('has not run since')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_watchdog_admin", {
    test: true,
    url: "/web#action=exception_core.exception_detector_action",
    steps: () => [seen("the detectors", ".o_list_view")],
});

registry.category("web_tour.tours").add("exception_watchdog_agent", {
    test: true,
    url: "/web",
    steps: () => [
        ...openApp(),
        unseen("the overview", ".o_exception_overview"),
        ...go("menu_cases", "menu_case_my_queue"),
        unseen("the queue", ".o_list_view"),
        ...go("menu_overview"),
        unseen("the overview again", ".o_exception_overview"),
    ],
});
