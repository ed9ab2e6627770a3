/** @odoo-module **/

import { registry } from "@web/core/registry";
import { DeskKanbanController } from "../../watchdog/desk_views";

/** The board: its first button takes the next case, as in the queue. */
export class CaseKanbanController extends DeskKanbanController {
    static template = "exception_core.CaseKanbanView";
}

registry.category("views").add("exception_case_kanban", {
    ...registry.category("views").get("exception_desk_kanban"),
    Controller: CaseKanbanController,
});
