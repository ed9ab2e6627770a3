from odoo import _lt, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.released import released_query

from ..tools import order_sql as sql
from ..tools.payment_sql import PAID, PAID_OR_AUTHORISED, payments_by_order, payments_of_order


class ExceptionQueryPayment(models.AbstractModel):
    """Orders whose money does not fit: kept after a cancellation, or not the amount due."""

    _inherit = "exception.query"

    @released_query(
        "cancelled_after_payment", model="sale.order", title=_lt("Cancelled after payment")
    )
    def _query_cancelled_after_payment(self, request):
        """Cancelled orders with a payment that was not (fully) refunded."""
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      pay.paid - pay.refunded AS amount, o.currency_id,
                      pay.paid_at AS occurred_at,
                      jsonb_build_object(
                          'to_refund', pay.paid - pay.refunded,
                          'paid', pay.paid,
                          'refunded', pay.refunded,
                          'paid_at', pay.paid_at) AS facts,
                      %(country)s AS country_id, o.warehouse_id
                 FROM sale_order o
                CROSS JOIN LATERAL (%(payments)s) AS pay
                WHERE o.state = 'cancel' AND pay.payments > 0
                  AND (NOT pay.has_refund OR pay.paid - pay.refunded > %(tolerance)s)""",
            country=sql.SHIP_COUNTRY,
            payments=payments_of_order(PAID),
            tolerance=sql.parameter(request, "tolerance"),
        )

    @released_query("payment_mismatch", model="sale.order", title=_lt("Payment is not the total"))
    def _query_payment_mismatch(self, request):
        """Orders with lines and payments where less than due or more than the total was paid.

        Due is the total, or the part of it that the order asks for as a down payment. Money that
        was given back does not make an order short, and it heals one that was paid too much. What
        was written off counts as if it had been agreed (less than 0: a part that is not asked for).
        """
        return SQL(
            """SELECT pay.order_id AS res_id, o.company_id, o.partner_id,
                      abs(CASE WHEN pay.paid - pay.refunded > due.total
                               THEN pay.paid - pay.refunded - due.total
                               ELSE pay.paid - due.total END) AS amount, o.currency_id,
                      pay.paid_at AS occurred_at,
                      jsonb_build_object(
                          'difference', pay.paid - due.total,
                          'paid', pay.paid,
                          'due', o.amount_total,
                          'refunded', NULLIF(pay.refunded, 0)) AS facts,
                      %(country)s AS country_id, o.warehouse_id
                 FROM (%(payments)s) AS pay
                 JOIN sale_order o ON o.id = pay.order_id
                CROSS JOIN LATERAL (
                      SELECT o.amount_total + COALESCE(o.exception_settled, 0) AS total) AS due
                WHERE (o.state <> 'cancel' OR %(cancelled)s)
                  AND pay.currencies = 1 AND pay.currency_id = o.currency_id
                  AND (pay.paid - pay.refunded > due.total + %(tolerance)s
                       OR pay.paid + %(tolerance)s < due.total
                          * CASE WHEN o.require_payment AND o.prepayment_percent > 0
                                 THEN LEAST(o.prepayment_percent, 1)::numeric ELSE 1 END)
                  AND EXISTS (SELECT FROM sale_order_line line
                               WHERE line.order_id = o.id AND %(real_line)s)
                  AND NOT EXISTS (SELECT FROM sale_order_transaction_rel mine
                                    JOIN sale_order_transaction_rel shared
                                         ON shared.transaction_id = mine.transaction_id
                                   WHERE mine.sale_order_id = o.id
                                     AND shared.sale_order_id <> o.id)""",
            country=sql.SHIP_COUNTRY,
            payments=payments_by_order(PAID_OR_AUTHORISED),
            cancelled=bool(sql.parameter(request, "include_cancelled")),
            tolerance=SQL("%s::numeric", str(sql.parameter(request, "tolerance"))),
            real_line=sql.REAL_LINE,
        )
