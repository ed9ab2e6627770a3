/** @odoo-module **/

import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { Expression } from "@web/core/tree_editor/condition_tree";
import { TreeEditor } from "@web/core/tree_editor/tree_editor";
import { Range } from "@web/core/tree_editor/tree_editor_components";
import { NamedValue } from "./named_value";

/** Field types whose value may be an expression, and what kind of expression. */
const KINDS = {
    date: "time",
    datetime: "time",
    integer: "number",
    float: "number",
    monetary: "number",
    char: "text",
    text: "text",
};
const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];

/**
 * @param {Object} info editor of a plain value
 * @param {string} kind
 * @returns {Object} editor that also takes expressions
 */
function withNames(info, kind) {
    return {
        ...info,
        component: NamedValue,
        isSupported: () => true,
        extractProps: ({ value, update }) => ({ info, value, update, kind }),
    };
}

/** Odoo's tree of conditions, whose values may be names that are evaluated at each run. */
export class ConditionTreeEditor extends TreeEditor {
    getValueEditorInfo(node) {
        const info = super.getValueEditorInfo(node);
        const kind = KINDS[this.getFieldDef(node.path)?.type];
        if (!kind || !info.component) {
            return info;
        }
        if (info.component === Range) {
            return {
                ...info,
                extractProps: (params) => {
                    const props = info.extractProps(params);
                    return { ...props, editorInfo: withNames(props.editorInfo, kind) };
                },
            };
        }
        return COMPARISONS.includes(node.operator) ? withNames(info, kind) : info;
    }

    updateLeafOperator(node, operator, negate) {
        if (node.value instanceof Expression && COMPARISONS.includes(operator)) {
            // Odoo's own editor would replace what it cannot show by a fixed value
            node.operator = operator;
            node.negate = negate;
            return this.notifyChanges();
        }
        return super.updateLeafOperator(node, operator, negate);
    }
}

export class ConditionEditor extends DomainSelector {
    static components = { ...DomainSelector.components, TreeEditor: ConditionTreeEditor };
}
