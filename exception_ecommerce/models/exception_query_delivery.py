from datetime import timedelta

from odoo import _lt, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.released import released_query

from ..tools import order_sql as sql
from ..tools.payment_sql import PAID, payments_of_order


def promise(deadline):
    """Return what was promised to the customer of order ``o``.

    The order's delivery date; without one the deadline of its transfer, if that leaves at least a
    day: a lead time of zero days is Odoo's default and no promise.
    """
    return SQL(
        """COALESCE(o.commitment_date,
                    CASE WHEN %(deadline)s >= o.date_order + interval '1 day'
                         THEN %(deadline)s END)""",
        deadline=deadline,
    )


class ExceptionQueryDelivery(models.AbstractModel):
    """Orders that are shipped or delivered late, or not at all.

    *Delivered* is the completion of the last transfer to the customer. *Handed over* is the
    completion of the transfer that takes the goods out of the house: to the customer, or to a
    transit location that stands for the carrier where a shop follows its parcels.
    """

    _inherit = "exception.query"

    @released_query("delivered_late", model="sale.order", title=_lt("Delivered late"))
    def _query_delivered_late(self, request):
        """Orders whose last transfer to the customer ended on a later local day than promised."""
        promised = promise(SQL("d.date_deadline"))
        later = SQL(
            """t.id <> d.id AND (t.state IN %s
               OR (t.state = 'done' AND (t.date_done, t.id) > (d.date_done, d.id)))""",
            sql.OPEN_TRANSFER,
        )
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, d.date_done AS occurred_at,
                      jsonb_build_object(
                          'days_late', day.delivered - day.promised,
                          'promised_on', day.promised,
                          'delivered_at', d.date_done,
                          'transfer', d.name) AS facts,
                      %(country)s AS country_id, o.warehouse_id,
                      COALESCE(d.carrier_id, o.carrier_id) AS carrier_id
                 FROM sale_order o
                 JOIN stock_picking d ON d.sale_id = o.id AND d.state = 'done'
                 JOIN stock_location dest ON dest.id = d.location_dest_id
                      AND dest.usage = 'customer'
                CROSS JOIN LATERAL (%(zone)s) AS zone
                CROSS JOIN LATERAL (SELECT %(delivered_day)s AS delivered,
                                           %(promised_day)s AS promised) AS day
                WHERE d.date_done > %(promised)s
                  AND day.delivered - day.promised > %(tolerance)s
                  AND %(recent)s
                  AND d.return_id IS NULL
                  AND NOT %(later)s""",
            country=sql.SHIP_COUNTRY,
            zone=sql.ZONE,
            delivered_day=sql.local_day(SQL("d.date_done")),
            promised_day=sql.local_day(promised),
            promised=promised,
            tolerance=sql.parameter(request, "tolerance_days"),
            recent=sql.look_back(SQL("d.date_done"), request),
            later=sql.customer_transfer(later),
        )

    @released_query(
        "undelivered_past_promise", model="sale.order", title=_lt("Not delivered, promise passed")
    )
    def _query_undelivered_past_promise(self, request):
        """Confirmed orders not (fully) delivered whose promised local day lies before today."""
        deadline = SQL(
            """(SELECT max(p.date_deadline) FROM stock_picking p
                  JOIN stock_location p_dest ON p_dest.id = p.location_dest_id
                 WHERE p.sale_id = o.id AND p_dest.usage = 'customer' AND p.state <> 'cancel')"""
        )
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, due.promised_at AS occurred_at,
                      jsonb_build_object(
                          'days_past', day.today - day.promised,
                          'promised_on', day.promised,
                          'handed_over', %(handed_over)s,
                          'ordered_at', o.date_order) AS facts,
                      %(country)s AS country_id, o.warehouse_id, o.carrier_id
                 FROM sale_order o
                CROSS JOIN LATERAL (%(zone)s) AS zone
                CROSS JOIN LATERAL (SELECT %(promised)s AS promised_at OFFSET 0) AS due
                CROSS JOIN LATERAL (SELECT %(today)s AS today, %(promised_day)s AS promised) AS day
                WHERE o.state = 'sale'
                  AND (o.effective_date IS NULL OR o.delivery_status IS DISTINCT FROM 'full')
                  AND due.promised_at < %(now)s
                  AND day.today - day.promised > %(tolerance)s
                  AND (o.effective_date IS NULL OR %(open)s)
                  AND %(owes)s AND NOT %(unavailable)s""",
            handed_over=sql.handed_over(),
            country=sql.SHIP_COUNTRY,
            zone=sql.ZONE,
            promised=promise(deadline),
            today=sql.local_day(SQL("%s::timestamp", request.now)),
            promised_day=sql.local_day(SQL("due.promised_at")),
            now=request.now,
            tolerance=sql.parameter(request, "tolerance_days"),
            open=sql.customer_transfer(SQL("t.state IN %s", sql.OPEN_TRANSFER)),
            owes=sql.OWES_GOODS,
            unavailable=sql.unavailable(request),
        )

    @released_query("paid_not_shipped", model="sale.order", title=_lt("Paid, not shipped"))
    def _query_paid_not_shipped(self, request):
        """Confirmed orders paid more than so many times 24 hours ago, of which nothing has left."""
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, pay.paid_at AS occurred_at,
                      jsonb_build_object(
                          'days_waiting',
                          floor(extract(epoch FROM %(now)s - pay.paid_at) / 86400)::integer,
                          'paid_at', pay.paid_at,
                          'paid', pay.paid,
                          'promised_at', o.commitment_date) AS facts,
                      %(country)s AS country_id, o.warehouse_id, o.carrier_id
                 FROM sale_order o
                CROSS JOIN LATERAL (%(payments)s) AS pay
                WHERE o.state = 'sale'
                  AND (o.effective_date IS NULL OR o.delivery_status IS DISTINCT FROM 'full')
                  AND pay.paid_at < %(paid_before)s
                  AND NOT %(handed_over)s
                  AND %(owes)s AND NOT %(unavailable)s""",
            now=SQL("%s::timestamp", request.now),
            country=sql.SHIP_COUNTRY,
            payments=payments_of_order(PAID),
            paid_before=request.now - timedelta(days=sql.parameter(request, "max_days")),
            handed_over=sql.handed_over(),
            owes=sql.OWES_GOODS,
            unavailable=sql.unavailable(request),
        )

    @released_query("handed_over_late", model="sale.order", title=_lt("Handed over late"))
    def _query_handed_over_late(self, request):
        """Orders with a transfer out of the house that ended after its scheduled date.

        Of several late transfers the first one speaks for the order.
        """
        allowed = timedelta(hours=sql.parameter(request, "tolerance_hours"))
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, h.date_done AS occurred_at,
                      jsonb_build_object(
                          'hours_late',
                          round(extract(epoch FROM h.date_done - h.scheduled_date) / 3600, 1),
                          'ship_by', h.scheduled_date,
                          'handed_over_at', h.date_done,
                          'transfer', h.name) AS facts,
                      %(country)s AS country_id, o.warehouse_id,
                      COALESCE(h.carrier_id, o.carrier_id) AS carrier_id
                 FROM sale_order o
                 JOIN stock_picking h ON h.sale_id = o.id AND h.state = 'done'
                 JOIN stock_location src ON src.id = h.location_id
                 JOIN stock_location dest ON dest.id = h.location_dest_id
                WHERE h.date_done > h.scheduled_date + %(allowed)s
                  AND h.return_id IS NULL
                  AND %(out)s AND %(recent)s
                  AND NOT EXISTS (
                      SELECT FROM stock_picking t
                        JOIN stock_location t_src ON t_src.id = t.location_id
                        JOIN stock_location t_dest ON t_dest.id = t.location_dest_id
                       WHERE t.sale_id = o.id AND t.state = 'done' AND t.return_id IS NULL
                         AND t.date_done > t.scheduled_date + %(allowed)s
                         AND (t.date_done, t.id) < (h.date_done, h.id) AND %(t_out)s)""",
            country=sql.SHIP_COUNTRY,
            allowed=allowed,
            out=sql.leaves_house("src", "dest"),
            t_out=sql.leaves_house("t_src", "t_dest"),
            recent=sql.look_back(SQL("h.date_done"), request),
        )
