from odoo import fields, models


class ExceptionOptionDismiss(models.TransientModel):
    """Asks why a way out is none."""

    _name = "exception.option.dismiss"
    _inherit = "exception.dialog"
    _description = "Rule a Way out out"

    option_id = fields.Many2one("exception.option", required=True, readonly=True)
    reason = fields.Text("Why", required=True)

    def action_apply(self):
        """Rule it out, with the reason."""
        self.ensure_one()
        self.option_id.dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
