from odoo import models


class StockPicking(models.Model):
    """Transfers show their open exceptions."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "exception.record.mixin"]
