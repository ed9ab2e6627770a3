from odoo import fields, models


class PaymentTransaction(models.Model):
    """Payments, indexed for looking up what was given back of them."""

    _inherit = "payment.transaction"

    # refunds and voided captures of a payment are looked up for each checked order
    source_transaction_id = fields.Many2one(index="btree_not_null")
