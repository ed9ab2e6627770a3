/** @odoo-module **/

import { _t } from "@web/core/l10n/translation";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/**
 * Everyday buttons in the header, rare ones behind three dots. On a phone only the primary
 * button stays outside, so that the next step is one thumb away.
 */
export class CaseStatusBarButtons extends StatusBarButtons {
    static template = "exception_core.CaseStatusBarButtons";

    get inBar() {
        return this.visibleSlotNames.filter((name) => !this.isInMenu(this.props.slots[name]));
    }

    get inMenu() {
        return this.visibleSlotNames.filter((name) => this.isInMenu(this.props.slots[name]));
    }

    isInMenu(slot) {
        return this.env.isSmall ? !slot.isPrimary : slot.isMore;
    }

    get menuTitle() {
        return _t("More steps");
    }
}
