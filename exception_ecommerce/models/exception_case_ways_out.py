from odoo import _, fields, models
from odoo.tools.misc import format_amount, format_date

WAITING = ("paid_not_shipped", "undelivered_past_promise", "order_unavailable", "pick_short")


class ExceptionCaseWaysOut(models.Model):
    """Ways out for a customer who waits for goods, with figures from stock, receipts and margin."""

    _inherit = "exception.case"

    def _option_providers(self):
        providers = super()._option_providers()
        if self._waiting_order():
            providers = [
                *providers,
                self._way_ship_now,
                self._way_ship_from,
                self._way_await_receipt,
                self._way_cancel_refund,
            ]
        return providers

    def _waiting_order(self):
        """Return the confirmed order whose goods the customer waits for; empty if there is none."""
        orders = self.env["sale.order"]
        if self.type_id.code not in WAITING or not self.res_id:
            return orders
        record = self.env[self.res_model].browse(self.res_id).exists()
        if self.res_model == "stock.picking":
            record = record.sale_id
        elif self.res_model != "sale.order":
            return orders
        return record.filtered(lambda order: order.state == "sale")

    def _way_ship_now(self):
        """Ship what is there; the rest follows."""
        order = self._waiting_order()
        lacking = order._ship_lacking()
        there = {product: count - lack for product, (count, lack) in lacking.items()}
        if not any(count > 0 for count in there.values()):
            return []
        missing = [product for product, (_count, lack) in lacking.items() if lack > 0]
        parts = [
            f"{count:g} × {product.display_name}" for product, count in there.items() if count > 0
        ]
        # a second parcel is the shop's to pay; what the customer was charged is the only figure
        freight = sum(order.order_line.filtered("is_delivery").mapped("price_subtotal"))
        day = order._receipt_day(missing) if missing else None
        note = _("All of it is there: %s.", ", ".join(parts))
        if missing:
            note = _("There: %s. The rest follows in a parcel of its own.", ", ".join(parts))
        return [
            {
                "key": "ship_now",
                "name": _("Ship what is there now"),
                "action": "exception_ecommerce.action_ship_now",
                "cost": freight if missing else 0.0,
                "margin_effect": -freight if missing else 0.0,
                "delay_days": self._days_until(day) if day else None if missing else 0.0,
                "needs": [],
                "note": note,
            }
        ]

    def _way_ship_from(self):
        """Ship from another warehouse of the company that has all of it."""
        order = self._waiting_order()
        lacking = order._ship_lacking()
        if not any(lack > 0 for _count, lack in lacking.values()):
            return []
        wanted = {product: count for product, (count, _lack) in lacking.items()}
        others = self.env["stock.warehouse"].search(
            [("company_id", "=", order.company_id.id), ("id", "!=", order.warehouse_id.id)]
        )
        return [
            {
                "key": f"ship_from/{warehouse.id}",
                "name": _("Ship from %s", warehouse.name),
                "action": "exception_ecommerce.action_ship_from",
                "values": {"warehouse": warehouse.id},
                "cost": None,
                "margin_effect": None,
                "delay_days": 0.0,
                "needs": {"stock": warehouse.name},
                "note": _("%s has all of it, and nobody has reserved it.", warehouse.name),
            }
            for warehouse in others
            if order._ship_covers(order._ship_free(wanted, warehouse), wanted)
        ]

    def _way_await_receipt(self):
        """Wait for goods that are on their way, and promise that day."""
        order = self._waiting_order()
        missing = [product for product, (_count, lack) in order._ship_lacking().items() if lack > 0]
        day = missing and order._receipt_day(missing)
        if not day:
            return []
        return [
            {
                "key": "await_receipt",
                "name": _("Wait for the goods until %s", format_date(self.env, day)),
                "action": "exception_ecommerce.action_promise",
                "values": {"day": fields.Date.to_string(day)},
                "cost": 0.0,
                "margin_effect": 0.0,
                "delay_days": self._days_until(day),
                "needs": ["supplier"],
                "note": _("The last of the receipts that cover it is planned for this day."),
            }
        ]

    def _way_cancel_refund(self):
        """Cancel, and give back what was paid."""
        order = self._waiting_order()
        back = order._exception_refundable()
        if back <= 0 or order.picking_ids.filtered(lambda one: one.state == "done"):
            return []
        margin = -order.margin if "margin" in order._fields else None
        return [
            {
                "key": "cancel_refund",
                "name": _(
                    "Cancel and give %s back", format_amount(self.env, back, order.currency_id)
                ),
                "action": "exception_ecommerce.action_cancel_refund",
                "values": {"amount": back},
                "cost": 0.0,
                "margin_effect": margin,
                "delay_days": 0.0,
                "needs": [],
                "note": _("The customer gets no goods. People agree by amount."),
            }
        ]

    def _days_until(self, day):
        """Return how many days from today, at least 0."""
        return float(max((day - fields.Date.context_today(self)).days, 0))
