from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools.payment_sql import PAID, PAID_OR_AUTHORISED, payments_by_order

# A refund in one of these may still leave, or has left.
UNDER_WAY = ("draft", "pending", "authorized", "done")


class SaleOrderMoney(models.Model):
    """What was paid on an order, what was given back, and what of a difference was settled."""

    _name = "sale.order"
    _inherit = ["sale.order", "exception.kept.value"]

    exception_settled = fields.Monetary(
        "Difference settled",
        compute="_compute_exception_settled",
        store=True,
        copy=False,
        help="What was written off: less than 0 where the customer paid too little.",
    )
    exception_settle_entry_ids = fields.One2many(
        "account.move", "exception_settled_order_id", "Write-offs", readonly=True
    )

    @api.depends("exception_settle_entry_ids.state")
    def _compute_exception_settled(self):
        """Add up the posted entries: one that is reset, cancelled or reversed counts no more.

        Amounts of entries change in draft only, so following their state is enough.
        """
        for order in self:
            posted = order.exception_settle_entry_ids.filtered(lambda one: one.state == "posted")
            lines = posted.line_ids.filtered(lambda one: one.account_type == "asset_receivable")
            order.exception_settled = sum(lines.mapped("amount_currency"))

    @api.model
    def _exception_kept(self):
        """What was settled stands against what is due: whoever typed it would confirm unpaid."""
        sentence = _("What of a difference is settled follows from its write-off: use the action.")
        return {**super()._exception_kept(), "exception_settled": sentence}

    def _exception_money(self, states=PAID_OR_AUTHORISED):
        """Return ``{order id: (paid, given back)}`` as the detectors count it."""
        self.env["payment.transaction"].flush_model()
        self.flush_model(["state"])
        self.env.cr.execute(
            SQL(
                "SELECT sums.order_id, sums.paid, sums.refunded FROM (%s) AS sums"
                " WHERE sums.order_id = ANY(%s)",
                payments_by_order(states),
                self.ids,
            )
        )
        found = {row[0]: (float(row[1] or 0), float(row[2] or 0)) for row in self.env.cr.fetchall()}
        return {order.id: found.get(order.id, (0.0, 0.0)) for order in self}

    def _exception_difference(self):
        """Return what was paid too much (above 0) or too little (below 0) and is not settled."""
        self.ensure_one()
        paid, refunded = self._exception_money()[self.id]
        due = self.amount_total + self.exception_settled
        over, short = paid - refunded - due, paid - due
        difference = over if over > 0 else min(short, 0.0)
        return self.currency_id.round(difference)

    def _exception_refundable(self):
        """Return what could be given back: paid, not given back, and not on its way back."""
        self.ensure_one()
        paid, _refunded = self._exception_money(PAID)[self.id]
        back = self.transaction_ids.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state in UNDER_WAY
        )
        drafts = self.env["account.payment"].search(
            [("exception_refund_order_id", "=", self.id), ("state", "!=", "cancel")]
        )
        gone = -sum(back.mapped("amount")) + sum(drafts.mapped("amount"))
        return self.currency_id.round(paid - gone)
