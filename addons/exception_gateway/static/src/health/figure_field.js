/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A figure of the health page: a click opens exactly what it counts. */
export class HealthFigureField extends Component {
    static template = "exception_gateway.HealthFigureField";
    static props = {
        ...standardFieldProps,
        figure: { type: String },
        level: { type: String, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return this.value ? this.value.toLocaleString() : "–";
    }

    get classes() {
        return this.props.level ? `o_exception_health_${this.props.level}` : "";
    }

    async open() {
        const { resModel, resId } = this.props.record;
        const context = { health_figure: this.props.figure };
        this.action.doAction(await this.orm.call(resModel, "action_open", [[resId]], { context }));
    }
}

export const healthFigureField = {
    component: HealthFigureField,
    displayName: _t("Figure that opens what it counts"),
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({ figure: options.figure, level: options.level }),
};

registry.category("fields").add("exception_health_figure", healthFigureField);
