/** @odoo-module **/

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { CaseFormCompiler } from "./case_form_compiler";
import { CaseStatusBarButtons } from "./case_status_bar_buttons";

/**
 * Moves on to the next case of the list when a button closed the one at hand, and says so with
 * a way back.
 */
export class CaseFormController extends FormController {
    setup() {
        this.notification = useService("notification");
        this.workedOn = null;
        super.setup();
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = this.onRootLoaded.bind(this);
        return params;
    }

    async beforeExecuteActionButton(clickParams) {
        const { resId, resIds, data } = this.model.root;
        this.workedOn = data.is_open ? { resId, resIds: [...resIds] } : null;
        return super.beforeExecuteActionButton(clickParams);
    }

    /** The root is loaded anew after each button and when the dialog that it opened is closed. */
    async onRootLoaded() {
        const { workedOn } = this;
        const { resId, data } = this.model.root;
        if (!workedOn || resId !== workedOn.resId) {
            this.workedOn = null;
            return;
        }
        if (data.is_open) {
            return;
        }
        this.workedOn = null;
        const nextId = workedOn.resIds[workedOn.resIds.indexOf(resId) + 1];
        if (nextId && !this.env.inDialog) {
            this.moveOn(data.name, resId, nextId);
        }
    }

    async moveOn(name, resId, nextId) {
        await this.model.load({ resId: nextId });
        const close = this.notification.add(_t("%s is done. This is the next case.", name), {
            type: "success",
            buttons: [
                {
                    name: _t("Back to %s", name),
                    onClick: () => {
                        close();
                        this.model.load({ resId });
                    },
                },
            ],
        });
    }
}

export class CaseFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: CaseStatusBarButtons };
}

registry.category("views").add("exception_case_form", {
    ...formView,
    Controller: CaseFormController,
    Renderer: CaseFormRenderer,
    Compiler: CaseFormCompiler,
});
