/** @odoo-module **/

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ModelFieldSelector } from "@web/core/model_field_selector/model_field_selector";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const UNUSABLE = ["one2many", "many2many", "properties", "properties_definition", "binary", "json"];

/**
 * A dotted field path, chosen from the fields of the model named by another field of the record
 * or of its parent. Offers only what a detector can read: one stored value for each record.
 *
 * Options: `model` (field that holds the model's name), `types` (field types that may be chosen)
 * and `relation` (model that a many2one must lead to).
 */
export class FieldPathField extends Component {
    static template = "exception_core.FieldPathField";
    static components = { ModelFieldSelector };
    static props = {
        ...standardFieldProps,
        model: { type: String, optional: true },
        types: { type: Array, optional: true },
        relation: { type: String, optional: true },
    };
    static defaultProps = { model: "model" };

    get resModel() {
        const { record, model } = this.props;
        return record.data[model] || record.evalContext.parent?.[model] || "";
    }

    get selectorProps() {
        const { record, name, readonly } = this.props;
        return {
            path: record.data[name] || "",
            resModel: this.resModel,
            readonly,
            allowEmpty: true,
            isDebugMode: Boolean(this.env.debug),
            filter: (fieldDef) => this.isOffered(fieldDef),
            update: (path) => record.update({ [name]: path || false }),
        };
    }

    isOffered(fieldDef) {
        if (UNUSABLE.includes(fieldDef.type) || fieldDef.company_dependent) {
            return false;
        }
        if (!fieldDef.store && !fieldDef.related) {
            return false;
        }
        const { types, relation } = this.props;
        // a many2one is always offered, because the way may lead on through it
        return (
            fieldDef.type === "many2one" || (!relation && (!types || types.includes(fieldDef.type)))
        );
    }
}

export const fieldPathField = {
    component: FieldPathField,
    displayName: _t("Field of the checked record"),
    supportedTypes: ["char"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        model: options.model,
        types: options.types,
        relation: options.relation,
    }),
};

registry.category("fields").add("exception_field_path", fieldPathField);
