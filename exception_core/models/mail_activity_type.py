from odoo import fields, models


class MailActivityType(models.Model):
    """A category of its own for the faces of approval requests."""

    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("exception_approval", "Approval request")],
        ondelete={"exception_approval": "set default"},
    )
