/** @odoo-module **/

/** Types into a many2one of the open dialog and picks the first match. */
export function pickInDialog(fieldName, text) {
    return [
        {
            content: `Type ${text} into ${fieldName}`,
            trigger: `.modal-body .o_field_widget[name=${fieldName}] input`,
            run: `text ${text}`,
        },
        {
            content: `Pick ${text}`,
            trigger: `.modal-body .o_field_widget[name=${fieldName}] .ui-menu-item a:contains("${text}")`,
        },
    ];
}
