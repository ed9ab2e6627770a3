from odoo import fields, models


class ExceptionSubscriptionSecret(models.TransientModel):
    """Shows a new secret, once. It is in the screen that was asked for, and stored nowhere."""

    _name = "exception.subscription.secret"
    _description = "New Secret"
    _inherit = "exception.dialog"

    # a field without a column: whatever the screen does with it, nothing writes it down
    secret = fields.Char(
        store=False, default=lambda self: self.env.context.get("exception_new_secret")
    )
