/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How each deadline looks: red only for breached, amber for soon; an icon stands beside it. */
const LOOKS = {
    breached: { alert: "alert-danger", icon: "fa-exclamation-circle" },
    soon: { alert: "alert-warning", icon: "fa-hourglass-half" },
};
const CALM = { alert: "alert-info", icon: "fa-exclamation-triangle" };

/** A field of exception.record.mixin whose click calls a button method of the record. */
class RecordExceptionsField extends Component {
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** Call a method as a button of the form does: what was typed is saved first. */
    callButton(name) {
        const { record } = this.props;
        return this.env.onClickViewButton({
            clickParams: { type: "object", name },
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: [record.resId],
            }),
        });
    }
}

/** The banner over a record's form: its worst open case in one sentence, and the way there. */
export class ExceptionBannerField extends RecordExceptionsField {
    static template = "exception_core.BannerField";

    get look() {
        return LOOKS[this.props.record.data.exception_due_state] || CALM;
    }
}

/** The smart button of a record's form: how many cases are open on it. */
export class ExceptionButtonField extends RecordExceptionsField {
    static template = "exception_core.ButtonField";
}

registry.category("fields").add("exception_banner", {
    component: ExceptionBannerField,
    displayName: _t("Exception banner"),
    supportedTypes: ["char"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "exception_due_state", type: "selection", readonly: true }],
});
registry.category("fields").add("exception_button", {
    component: ExceptionButtonField,
    displayName: _t("Exceptions smart button"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
});
