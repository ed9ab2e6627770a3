from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..tools import order_sql as sql


class ExceptionQueryGates(models.AbstractModel):
    """Why an ordinary order or transfer cannot be a hit, one cheap condition a query.

    A save asks these first, and only detectors whose gate is open look closely; see
    ``exception.detector._pass_gates``. A gate is true for every hit of its query: whoever widens
    a query widens its gate (``tests/test_gates.py``).
    """

    _inherit = "exception.query"

    # ------------------------------------------------------------------
    # delivery
    # ------------------------------------------------------------------

    def _gate_delivered_late(self, request):
        return self._has_done_transfer()

    def _gate_handed_over_late(self, request):
        return self._has_done_transfer()

    def _has_done_transfer(self):
        return SQL(
            """EXISTS (SELECT FROM stock_picking t
                        WHERE t.sale_id = sale_order.id AND t.state = 'done')"""
        )

    def _gate_undelivered_past_promise(self, request):
        """Without a delivery date the promise lies at least a day after the order."""
        return SQL(
            """sale_order.state = 'sale'
               AND COALESCE(sale_order.commitment_date,
                            sale_order.date_order + interval '1 day') <= %s""",
            request.now,
        )

    def _gate_paid_not_shipped(self, request):
        # a look-up a payment, not a join, as below
        return SQL(
            """sale_order.state = 'sale'
               AND EXISTS (SELECT FROM sale_order_transaction_rel link
                            WHERE link.sale_order_id = sale_order.id
                              AND (SELECT payment.state = 'done' AND payment.last_state_change < %s
                                     FROM payment_transaction payment
                                    WHERE payment.id = link.transaction_id))""",
            request.now - timedelta(days=sql.parameter(request, "max_days")),
        )

    # ------------------------------------------------------------------
    # payment
    # ------------------------------------------------------------------

    def _gate_cancelled_after_payment(self, request):
        return SQL("sale_order.state = 'cancel'")

    def _gate_payment_mismatch(self, request):
        return self._has_any("sale.order", "transaction_ids")

    # ------------------------------------------------------------------
    # order
    # ------------------------------------------------------------------

    def _gate_order_duplicate(self, request):
        """Later orders count, too: confirming moves the order's date to the present."""
        return SQL(
            """sale_order.state = ANY(%(states)s)
               AND EXISTS (SELECT FROM sale_order e
                            WHERE e.partner_id = sale_order.partner_id AND e.id <> sale_order.id
                              AND e.date_order >= sale_order.date_order - %(window)s)""",
            states=sql.order_states(request),
            window=timedelta(hours=sql.parameter(request, "window_hours")),
        )

    def _gate_data_missing_dimensions(self, request):
        # no joins: PostgreSQL would weigh their orders for longer than all of this runs
        return SQL(
            """EXISTS (SELECT FROM sale_order_line line
                        WHERE line.order_id = sale_order.id
                          AND (SELECT %s AND (SELECT product.type <> 'service'
                                                FROM product_template product
                                               WHERE product.id = variant.product_tmpl_id)
                                 FROM product_product variant
                                WHERE variant.id = line.product_id))""",
            self._lacks_dimensions(),
        )

    def _gate_order_without_lines(self, request):
        return SQL(
            """NOT EXISTS (SELECT FROM sale_order_line line
                            WHERE line.order_id = sale_order.id AND %s)""",
            sql.REAL_LINE,
        )

    def _gate_order_unavailable(self, request):
        return SQL(
            """sale_order.state = 'sale'
               AND (EXISTS (SELECT FROM sale_order_tag_rel tagged
                             WHERE tagged.order_id = sale_order.id)
                    OR EXISTS (SELECT FROM stock_picking t
                                WHERE t.sale_id = sale_order.id AND t.state = 'cancel'))"""
        )

    # ------------------------------------------------------------------
    # transfers
    # ------------------------------------------------------------------

    def _gate_transfer_in_transit_late(self, request):
        return self._is_open_before(request.now - self._tolerance(request))

    def _gate_shipment_unconfirmed(self, request):
        return self._is_open_before(request.now - self._tolerance(request))

    def _gate_pick_short(self, request):
        return SQL(
            """%s AND EXISTS (SELECT FROM stock_move move
                               WHERE move.picking_id = stock_picking.id
                                 AND move.state IN ('confirmed', 'partially_available'))""",
            self._is_open_before(request.now - self._tolerance(request)),
        )

    def _gate_backorder_aged(self, request):
        return SQL("stock_picking.backorder_id IS NOT NULL")

    def _tolerance(self, request):
        return timedelta(hours=sql.parameter(request, "tolerance_hours"))

    def _is_open_before(self, instant):
        return SQL(
            """stock_picking.state IN ('confirmed', 'assigned')
               AND stock_picking.scheduled_date < %s""",
            instant,
        )
