from odoo import fields, models
from odoo.tools import float_compare

PLANNED = ("waiting", "confirmed", "partially_available", "assigned")


class SaleOrderReceipt(models.Model):
    """When goods that are on their way will be there for an order."""

    _inherit = "sale.order"

    def _receipt_day(self, products):
        """Return the day on which receipts cover what is lacking of each product; None if none do.

        A receipt serves first what leaves the warehouse before this order.
        """
        lacking, last = self._ship_lacking(), None
        for product in products:
            day = self._receipt_day_of(product, lacking[product][1])
            if not day:
                return None
            last = max(last, day) if last else day
        return last

    def _receipt_day_of(self, product, lacking):
        house = [("id", "child_of", self.warehouse_id.view_location_id.id)]
        inside = self.env["stock.location"].search(house).ids
        planned = [("product_id", "=", product.id), ("state", "in", PLANNED)]
        transfers = self._ship_transfers()
        due = min(transfers.mapped("scheduled_date"))
        before_us = self.env["stock.move"].search(
            [
                *planned,
                ("location_id", "in", inside),
                ("location_dest_id", "not in", inside),
                ("picking_id", "not in", transfers.ids),
                ("date", "<", due),
            ]
        )
        left = lacking + sum(before_us.mapped(lambda move: move.product_qty - move.quantity))
        coming = [*planned, ("location_id", "not in", inside), ("location_dest_id", "in", inside)]
        for move in self.env["stock.move"].search(coming, order="date, id"):
            left -= move.product_qty
            if float_compare(left, 0.0, precision_rounding=product.uom_id.rounding) <= 0:
                return max(move.date.date(), fields.Date.context_today(self))
        return None
