from odoo import models
from odoo.tools import SQL

# The detectors look at orders that still owe something, and at a customer's neighbouring orders.
# In a shop of years nearly all orders are delivered, so the first index stays small.
INDEXES = [
    (
        "sale_order_undelivered_idx",
        "id",
        "state = 'sale' AND (effective_date IS NULL OR delivery_status IS DISTINCT FROM 'full')",
    ),
    ("sale_order_cancelled_idx", "id", "state = 'cancel'"),
    ("sale_order_partner_date_idx", "partner_id, date_order", None),
]


class SaleOrder(models.Model):
    """Orders, indexed for what the detectors of the shop look at."""

    _inherit = "sale.order"

    def init(self):
        """Create the indexes that keep the sweeps cheap and that fields cannot declare."""
        result = super().init()
        for name, columns, condition in INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON sale_order (%s) %s",
                    SQL.identifier(name),
                    SQL(columns),
                    SQL("WHERE %s", SQL(condition)) if condition else SQL(),
                )
            )
        return result
