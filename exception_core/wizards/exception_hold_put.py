from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionHoldPut(models.TransientModel):
    """Asks which step of the record is to wait, and why."""

    _name = "exception.hold.put"
    _inherit = "exception.case.wizard"
    _description = "Put on Hold"

    step = fields.Selection(
        selection="_selection_step",
        required=True,
        string="Step that waits",
        default=lambda self: self._default_step(),
    )
    available_reason_ids = fields.Many2many("exception.reason", compute="_compute_available")
    reason_id = fields.Many2one(
        "exception.reason", required=True, domain="[('id', 'in', available_reason_ids)]"
    )

    @api.model
    def _selection_step(self):
        return self.env["exception.case"]._fields["hold_step"]._description_selection(self.env)

    @api.model
    def _default_step(self):
        """Offer the first step that the record has."""
        case = self.env["exception.case"].browse(self._default_case_ids()[0][2])[:1]
        return next(iter(case._steps_of_record()), False)

    @api.depends("case_ids")
    def _compute_available(self):
        for wizard in self:
            wizard.available_reason_ids = wizard._reasons("hold")

    def action_apply(self):
        """Put the records of the cases on hold."""
        self.ensure_one()
        if not self.case_ids:
            raise UserError(_("Choose a case first."))
        result = self.case_ids.put_on_hold(self.step, self.reason_id.id, self.note)
        return self.case_ids._show_result(result, _("On hold"))
