from datetime import timedelta

from odoo import models

from odoo.addons.exception_core.tools.at_hand import at_hand, unless_known

from ..tools import order_sql as sql

OPEN_STATES = ("confirmed", "assigned")
# Orders whose customers have no other: {id: (customer, date of the order, hours of the window)}.
ALONE = "exception_ecommerce.alone"


class ExceptionQueryMemory(models.AbstractModel):
    """The gates of ``exception_query_gates``, as far as the ORM can tell without a statement.

    Whoever has just saved an order has most of it in memory. Like a gate each is true for every
    hit of its query (``tests/test_gates.py``).
    """

    _inherit = "exception.query"

    # ------------------------------------------------------------------
    # delivery
    # ------------------------------------------------------------------

    @unless_known
    def _may_hit_delivered_late(self, request, orders):
        return "done" in at_hand(orders, "picking_ids.state")

    @unless_known
    def _may_hit_handed_over_late(self, request, orders):
        return "done" in at_hand(orders, "picking_ids.state")

    @unless_known
    def _may_hit_undelivered_past_promise(self, request, orders):
        for name in ("commitment_date", "date_order"):
            at_hand(orders, name)
        return any(
            (order.commitment_date or order.date_order + timedelta(days=1)) <= request.now
            for order in orders
            if order in self._in_state(orders, "sale")
        )

    @unless_known
    def _may_hit_paid_not_shipped(self, request, orders):
        confirmed = self._in_state(orders, "sale")
        return confirmed and "done" in at_hand(confirmed, "transaction_ids.state")

    # ------------------------------------------------------------------
    # payment
    # ------------------------------------------------------------------

    @unless_known
    def _may_hit_cancelled_after_payment(self, request, orders):
        return self._in_state(orders, "cancel")

    @unless_known
    def _may_hit_payment_mismatch(self, request, orders):
        return at_hand(orders, "transaction_ids")

    # ------------------------------------------------------------------
    # order
    # ------------------------------------------------------------------

    def _often_empty(self, model):
        """Add what the gates of orders ask for before the commit."""
        names = super()._often_empty(model)
        return (*names, "transaction_ids", "tag_ids") if model == "sale.order" else names

    @unless_known
    def _may_hit_order_duplicate(self, request, orders):
        for name in ("partner_id", "date_order"):
            at_hand(orders, name)
        found = self._in_state(orders, *sql.order_states(request))
        # another step looks at its own orders only, and not at those that were made meanwhile
        return found if request.step else found.filtered(lambda o: not self._is_alone(request, o))

    def _is_alone(self, request, order):
        """Tell whether it is known that the customer had no other order in the window."""
        noted = self.env.cr.precommit.data.get(ALONE, {}).get(order.id)
        if not noted:
            return False
        partner_id, date_order, window = noted
        return (
            partner_id == order.partner_id.id
            and date_order <= order.date_order
            and window >= sql.parameter(request, "window_hours")
        )

    def _note_closed_order_duplicate(self, request, orders):
        """Remember who had no other order in the window before the step, or later.

        Until the check before the commit. An order that is made or changed meanwhile is among what
        that check looks at, and nothing is known of it.
        """
        alone = self.env.cr.precommit.data.setdefault(ALONE, {})
        for name in ("partner_id", "date_order"):
            at_hand(orders, name)
        for order in self._in_state(orders, "draft", "sent"):
            partner_id, date_order = order.partner_id.id, order.date_order
            window = sql.parameter(request, "window_hours")
            noted = alone.get(order.id)
            if noted and noted[:2] == (partner_id, date_order):
                window = max(window, noted[2])
            # two of one customer may come to lie in each other's window
            for other_id in [id_ for id_, other in alone.items() if other[0] == partner_id]:
                del alone[other_id]
            alone[order.id] = (partner_id, date_order, window)

    @unless_known
    def _may_hit_data_missing_dimensions(self, request, orders):
        # confirming reads all of this in any case
        read = bool(request.step)
        variants = at_hand(orders, "order_line.product_id", read)
        for path in ("weight", "volume", "product_tmpl_id.type"):
            at_hand(variants, path, read)
        asked = ["weight", "volume"] if self._keeps_volumes() else ["weight"]
        return any(
            variant.product_tmpl_id.type != "service" and any(variant[name] <= 0 for name in asked)
            for variant in variants
        )

    @unless_known
    def _may_hit_order_without_lines(self, request, orders):
        # confirming reads the lines in any case
        read = bool(request.step)
        lines = at_hand(orders, "order_line", read)
        for name in ("display_type", "is_delivery", "is_downpayment"):
            at_hand(lines, name, read)
        real = lines.filtered(
            lambda line: not (line.display_type or line.is_delivery or line.is_downpayment)
        )
        return orders - real.order_id

    @unless_known
    def _may_hit_order_unavailable(self, request, orders):
        confirmed = self._in_state(orders, "sale")
        return confirmed and (
            at_hand(confirmed, "tag_ids") or "cancel" in at_hand(confirmed, "picking_ids.state")
        )

    def _in_state(self, orders, *states):
        at_hand(orders, "state")
        return orders.filtered(lambda order: order.state in states)

    # ------------------------------------------------------------------
    # transfers
    # ------------------------------------------------------------------

    @unless_known
    def _may_hit_transfer_in_transit_late(self, request, transfers):
        return self._open_before(request, transfers)

    @unless_known
    def _may_hit_shipment_unconfirmed(self, request, transfers):
        return self._open_before(request, transfers)

    @unless_known
    def _may_hit_pick_short(self, request, transfers):
        return self._open_before(request, transfers)

    @unless_known
    def _may_hit_backorder_aged(self, request, transfers):
        return at_hand(transfers, "backorder_id")

    def _open_before(self, request, transfers):
        for name in ("state", "scheduled_date"):
            at_hand(transfers, name)
        before = request.now - self._tolerance(request)
        return transfers.filtered(
            lambda transfer: (
                transfer.state in OPEN_STATES
                and transfer.scheduled_date
                and transfer.scheduled_date < before
            )
        )
