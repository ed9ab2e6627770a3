from odoo import api, fields, models


class ExceptionSubscriptionSecret(models.TransientModel):
    """Shows a new secret, once. It is in the screen that was asked for, and stored nowhere."""

    _name = "exception.subscription.secret"
    _description = "New Secret"
    _inherit = "exception.dialog"

    secret = fields.Char(compute="_compute_secret")
    had_secret = fields.Boolean(compute="_compute_secret")

    @api.depends_context("exception_new_secret", "exception_had_secret")
    def _compute_secret(self):
        for dialog in self:
            dialog.secret = self.env.context.get("exception_new_secret")
            dialog.had_secret = self.env.context.get("exception_had_secret")
