/** @odoo-module **/

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { DeskListController } from "../../watchdog/desk_views";

/**
 * The queue: header buttons may have a hotkey (class `o_hotkey_t` for the key t; the schema of
 * lists allows no attribute of its own), and those with the class `o_more` go into a menu.
 */
export class CaseListController extends DeskListController {
    static template = "exception_core.CaseListView";
    static components = { ...DeskListController.components, Dropdown, DropdownItem };

    get selectionButtons() {
        return this.archInfo.headerButtons.filter(
            (button) => button.display !== "always" && !this.evalViewModifier(button.invisible)
        );
    }

    get everydayButtons() {
        return this.selectionButtons.filter((button) => !this.isMore(button));
    }

    get moreButtons() {
        return this.selectionButtons.filter((button) => this.isMore(button));
    }

    isMore(button) {
        return button.className.split(" ").includes("o_more");
    }

    buttonAttrs(button) {
        const [, hotkey] = button.className.match(/\bo_hotkey_(\w)\b/) || [];
        return hotkey ? { "data-hotkey": hotkey } : {};
    }
}

registry.category("views").add("exception_case_list", {
    ...listView,
    Controller: CaseListController,
});
