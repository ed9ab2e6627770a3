from odoo import models


class AccountMove(models.Model):
    """Invoices, bills, refunds and entries show their open exceptions."""

    _name = "account.move"
    _inherit = ["account.move", "exception.record.mixin"]
