/** @odoo-module **/

import { FormCompiler } from "@web/views/form/form_compiler";

/**
 * Reads two classes of the header's buttons: `oe_highlight` is the step most people take next,
 * `o_more` is a rare one, which goes into the menu behind the three dots.
 */
export class CaseFormCompiler extends FormCompiler {
    compileHeader(el, params) {
        const statusBar = super.compileHeader(el, params);
        for (const slot of statusBar.querySelectorAll("[t-set-slot]")) {
            const className = slot.firstElementChild?.getAttribute("className") || "";
            slot.setAttribute("isMore", String(className.includes("o_more")));
            slot.setAttribute("isPrimary", String(className.includes("oe_highlight")));
        }
        return statusBar;
    }
}
