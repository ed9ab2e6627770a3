from odoo import _, fields, models

from ..models.exception_case import WAITING_FOR


class ExceptionCaseWait(models.TransientModel):
    """Asks for whom cases wait and until when."""

    _name = "exception.case.wait"
    _inherit = "exception.case.wizard"
    _description = "Let Exception Cases Wait"

    waiting_for = fields.Selection(WAITING_FOR, "Waiting for", required=True, default="customer")
    until = fields.Datetime(help="The case comes back to the queue by itself then.")

    def action_apply(self):
        """Lay the cases aside."""
        self.ensure_one()
        result = self.case_ids.wait(self.waiting_for, self.until, self.note)
        return self.case_ids._show_result(result, _("Laid aside"))
