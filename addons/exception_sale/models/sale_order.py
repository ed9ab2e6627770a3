from odoo import models


class SaleOrder(models.Model):
    """Sales orders show their open exceptions."""

    _name = "sale.order"
    _inherit = ["sale.order", "exception.record.mixin"]
