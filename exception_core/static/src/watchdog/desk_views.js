/** @odoo-module **/

import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { WatchdogBanner } from "./watchdog_banner";

/** Lists and boards that say when the desk stands still. */
export class DeskKanbanController extends KanbanController {
    static template = "exception_core.DeskKanbanView";
    static components = { ...KanbanController.components, WatchdogBanner };
}

export class DeskListController extends ListController {
    static template = "exception_core.DeskListView";
    static components = { ...ListController.components, WatchdogBanner };
}

registry.category("views").add("exception_desk_kanban", {
    ...kanbanView,
    Controller: DeskKanbanController,
});
registry.category("views").add("exception_desk_list", {
    ...listView,
    Controller: DeskListController,
});
