from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that give the money of an order back by hand."""

    _inherit = "account.payment"

    exception_refund_order_id = fields.Many2one(
        "sale.order",
        "Gives back the payment of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
