from odoo import models


class PurchaseOrder(models.Model):
    """Purchase orders show their open exceptions."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "exception.record.mixin"]
