"""What customers have paid, as SQL over the payment transactions of orders."""

from odoo.tools import SQL

# Money in, as Odoo's own "amount paid" of an order counts it.
PAID = ("done",)
PAID_OR_AUTHORISED = ("done", "authorized")


def payment_flows(states):
    """Select one row for each movement of money on an order.

    A payment counts with its amount; the part of an authorisation that was voided instead of
    captured is taken off; refunds stand in a column of their own. Odoo links refunds and voids to
    the payment they belong to and not to the order.

    :param states: states of payments that count
    :return: SQL select of order_id, currency_id, paid, refunded, paid_at
    """
    return SQL(
        """SELECT link.sale_order_id AS order_id, payment.currency_id,
                  payment.amount AS paid, 0.0 AS refunded, payment.last_state_change AS paid_at
             FROM sale_order_transaction_rel link
             JOIN payment_transaction payment ON payment.id = link.transaction_id
            WHERE payment.state = ANY(%(states)s)
              AND COALESCE(payment.operation, '') NOT IN ('refund', 'validation')
            UNION ALL
           SELECT link.sale_order_id, child.currency_id,
                  CASE WHEN child.operation = 'refund' THEN 0.0 ELSE -child.amount END,
                  CASE WHEN child.operation = 'refund' THEN -child.amount ELSE 0.0 END,
                  NULL
             FROM payment_transaction child
             JOIN sale_order_transaction_rel link
                  ON link.transaction_id = child.source_transaction_id
            WHERE child.source_transaction_id IS NOT NULL
              AND CASE WHEN child.operation = 'refund' THEN child.state = 'done'
                       ELSE child.state = 'cancel' END""",
        states=list(states),
    )


def payments_by_order(states):
    """Select the sums of each order's payments; one row an order that has payments.

    Written so that a condition on ``order_id`` reaches the index of the link table.
    """
    return SQL(
        """SELECT flow.order_id, sum(flow.paid) AS paid, sum(flow.refunded) AS refunded,
                  count(flow.paid_at) AS payments, max(flow.paid_at) AS paid_at,
                  bool_or(flow.refunded <> 0) AS has_refund,
                  min(flow.currency_id) AS currency_id,
                  count(DISTINCT flow.currency_id) AS currencies
             FROM (%s) AS flow
            GROUP BY flow.order_id""",
        payment_flows(states),
    )


def payments_of_order(states):
    """Select the sums of the payments of order ``o``, for a lateral join; one row always."""
    return SQL(
        """SELECT sum(flow.paid) AS paid, sum(flow.refunded) AS refunded,
                  count(flow.paid_at) AS payments, max(flow.paid_at) AS paid_at,
                  COALESCE(bool_or(flow.refunded <> 0), FALSE) AS has_refund
             FROM (%s) AS flow
            WHERE flow.order_id = o.id""",
        payment_flows(states),
    )
