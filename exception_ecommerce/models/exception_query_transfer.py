from datetime import timedelta

from odoo import _lt, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.released import released_query

from ..tools import order_sql as sql

# What all four say of a transfer, whatever is wrong with it. The amount at stake is the order's.
TRANSFER = SQL(
    """t.id AS res_id, t.company_id, t.partner_id,
       (SELECT so.amount_total FROM sale_order so WHERE so.id = t.sale_id) AS amount,
       (SELECT so.currency_id FROM sale_order so WHERE so.id = t.sale_id) AS currency_id,
       (SELECT ship.country_id FROM res_partner ship WHERE ship.id = t.partner_id) AS country_id,
       (SELECT kind.warehouse_id FROM stock_picking_type kind WHERE kind.id = t.picking_type_id)
           AS warehouse_id,
       t.carrier_id"""
)

# Pieces that an open transfer asks for and could not reserve, in the product's own unit.
SHORT = SQL("move.product_uom_qty > COALESCE(move.quantity, 0)")


def hours_since(instant, now):
    """Return whole hours from an instant to now."""
    return SQL("floor(extract(epoch FROM %s::timestamp - %s) / 3600)::integer", now, instant)


class ExceptionQueryTransfer(models.AbstractModel):
    """Transfers that stand still: on the way, at the dock, for want of stock, as a backorder."""

    _inherit = "exception.query"

    @released_query(
        "transfer_in_transit_late", model="stock.picking", title=_lt("In transit for too long")
    )
    def _query_transfer_in_transit_late(self, request):
        """Transfers out of a transit location that are open past their scheduled date."""
        return SQL(
            """SELECT %(transfer)s, t.scheduled_date AS occurred_at,
                      jsonb_build_object(
                          'hours_late', %(hours)s,
                          'expected_at', t.scheduled_date,
                          'source_document', t.origin,
                          'tracking', t.carrier_tracking_ref) AS facts
                 FROM stock_picking t
                 JOIN stock_location src ON src.id = t.location_id AND src.usage = 'transit'
                WHERE t.state IN ('assigned', 'confirmed')
                  AND t.scheduled_date < %(before)s""",
            transfer=TRANSFER,
            hours=hours_since(SQL("t.scheduled_date"), request.now),
            before=request.now - timedelta(hours=sql.parameter(request, "tolerance_hours")),
        )

    @released_query(
        "shipment_unconfirmed", model="stock.picking", title=_lt("Ready, hand-over not confirmed")
    )
    def _query_shipment_unconfirmed(self, request):
        """Transfers out of the house that are ready and past their scheduled date."""
        return SQL(
            """SELECT %(transfer)s, t.scheduled_date AS occurred_at,
                      jsonb_build_object(
                          'hours_late', %(hours)s,
                          'ship_by', t.scheduled_date,
                          'source_document', t.origin) AS facts
                 FROM stock_picking t
                 JOIN stock_location src ON src.id = t.location_id
                 JOIN stock_location dest ON dest.id = t.location_dest_id
                WHERE t.state = 'assigned' AND t.scheduled_date < %(before)s AND %(out)s
                  AND NOT EXISTS (SELECT FROM stock_move move
                                   WHERE move.picking_id = t.id
                                     AND move.state = 'partially_available')""",
            transfer=TRANSFER,
            hours=hours_since(SQL("t.scheduled_date"), request.now),
            before=request.now - timedelta(hours=sql.parameter(request, "tolerance_hours")),
            out=sql.leaves_house("src", "dest"),
        )

    @released_query("pick_short", model="stock.picking", title=_lt("Not enough to pick"))
    def _query_pick_short(self, request):
        """Transfers from stock for orders whose goods could not be reserved by their date."""
        return SQL(
            """SELECT %(transfer)s, t.scheduled_date AS occurred_at,
                      (SELECT jsonb_build_object(
                                  'short', sum(move.product_uom_qty - COALESCE(move.quantity, 0)),
                                  'products', count(DISTINCT move.product_id),
                                  'needed_at', t.scheduled_date,
                                  'source_document', t.origin)
                         FROM stock_move move
                        WHERE move.picking_id = t.id AND move.state NOT IN ('done', 'cancel')
                          AND %(short)s) AS facts,
                      (SELECT min(move.product_id) FROM stock_move move
                        WHERE move.picking_id = t.id AND move.state NOT IN ('done', 'cancel')
                          AND %(short)s) AS product_id
                 FROM stock_picking t
                 JOIN stock_location src ON src.id = t.location_id AND src.usage = 'internal'
                WHERE t.sale_id IS NOT NULL
                  AND t.state IN ('confirmed', 'assigned') AND t.scheduled_date < %(before)s
                  AND EXISTS (SELECT FROM stock_move move
                               WHERE move.picking_id = t.id
                                 AND move.state IN ('confirmed', 'partially_available')
                                 AND %(short)s)""",
            transfer=TRANSFER,
            short=SHORT,
            before=request.now - timedelta(hours=sql.parameter(request, "tolerance_hours")),
        )

    @released_query("backorder_aged", model="stock.picking", title=_lt("Backorder is getting old"))
    def _query_backorder_aged(self, request):
        """Open backorders of shipments, so many days after the first part left."""
        return SQL(
            """SELECT %(transfer)s, first_part.date_done AS occurred_at,
                      jsonb_build_object(
                          'days_open', floor(extract(epoch FROM %(now)s - first_part.date_done)
                                             / 86400)::integer,
                          'first_part', first_part.name,
                          'first_part_at', first_part.date_done,
                          'source_document', t.origin) AS facts
                 FROM stock_picking t
                 JOIN stock_picking first_part ON first_part.id = t.backorder_id
                 JOIN stock_location src ON src.id = t.location_id
                 JOIN stock_location dest ON dest.id = t.location_dest_id
                WHERE t.backorder_id IS NOT NULL AND t.state IN %(open)s
                  AND first_part.date_done < %(before)s AND %(out)s""",
            transfer=TRANSFER,
            now=SQL("%s::timestamp", request.now),
            open=sql.OPEN_TRANSFER,
            before=request.now - timedelta(days=sql.parameter(request, "max_days")),
            out=sql.leaves_house("src", "dest"),
        )
