from odoo import models


class SaleOrderLine(models.Model):
    """Whoever adds, changes or deletes a line has changed the order."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "exception.material.line"]
    _exception_root = "order_id"
