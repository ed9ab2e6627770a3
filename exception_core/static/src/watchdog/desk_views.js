/** @odoo-module **/

import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { PeakBanner } from "../peak/peak_banner";
import { WatchdogBanner } from "./watchdog_banner";

/** A screen with the banners above its content, also above a search panel. */
export class DeskLayout extends Layout {
    static template = "exception_core.DeskLayout";
    static components = { PeakBanner, WatchdogBanner };
}

/** Lists and boards that say when the desk stands still. */
export class DeskKanbanController extends KanbanController {
    static components = { ...KanbanController.components, Layout: DeskLayout };
}

export class DeskListController extends ListController {
    static components = { ...ListController.components, Layout: DeskLayout };
}

registry.category("views").add("exception_desk_kanban", {
    ...kanbanView,
    Controller: DeskKanbanController,
});
registry.category("views").add("exception_desk_list", {
    ...listView,
    Controller: DeskListController,
});
