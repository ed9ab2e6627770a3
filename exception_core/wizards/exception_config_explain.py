from odoo import fields, models


class ExceptionConfigExplain(models.TransientModel):
    """The author of a change that waits says why it is asked."""

    _name = "exception.config.explain"
    _inherit = "exception.dialog"
    _description = "Reason of a Change that Waits"

    change_id = fields.Many2one("exception.config.change", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Keep the reason, for who agrees."""
        self.ensure_one()
        self.change_id.explain(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
