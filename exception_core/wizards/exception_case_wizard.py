from odoo import api, fields, models


class ExceptionCaseWizard(models.AbstractModel):
    """What all dialogs about cases share: which cases, and a note.

    The cases come from the context key ``exception_case_ids`` (buttons) or, for an action bound
    to the list, from ``active_ids``.
    """

    _name = "exception.case.wizard"
    _inherit = "exception.dialog"
    _description = "Dialog about Exception Cases"

    case_ids = fields.Many2many(
        "exception.case", string="Cases", default=lambda self: self._default_case_ids()
    )
    case_count = fields.Integer(compute="_compute_case_count")
    note = fields.Text()

    @api.model
    def _default_case_ids(self):
        context = self.env.context
        ids = context.get("exception_case_ids")
        if not ids and context.get("active_model") == "exception.case":
            ids = context.get("active_ids")
        return [(6, 0, ids or [])]

    @api.depends("case_ids")
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    def _reasons(self, kind):
        """Return the reasons of this kind that may be given on every one of the cases."""
        reasons = self.env["exception.reason"].search([("kind", "=", kind)])
        categories = self.case_ids.category_id
        return reasons.filtered(
            lambda reason: all(reason._applies_to(category) for category in categories)
        )
