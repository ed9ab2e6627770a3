from odoo import models


class AccountPayment(models.Model):
    """Payments show their open exceptions: their own, not those of their journal entry."""

    _name = "account.payment"
    _inherit = ["account.payment", "exception.record.mixin"]
