from odoo import models


class PurchaseOrderLine(models.Model):
    """Whoever adds, changes or deletes a line has changed the order."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "exception.material.line"]
    _exception_root = "order_id"
