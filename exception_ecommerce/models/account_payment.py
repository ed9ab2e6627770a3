from odoo import _, api, fields, models


class AccountPayment(models.Model):
    """Payments that give the money of an order back by hand."""

    _name = "account.payment"
    _inherit = ["account.payment", "exception.kept.value"]

    exception_refund_order_id = fields.Many2one(
        "sale.order",
        "Gives back the payment of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _exception_kept(self):
        """What was given back bounds what may be, so nobody takes it away or types it."""
        sentence = _("Which order a payment gives back follows from its refund: use the action.")
        return {**super()._exception_kept(), "exception_refund_order_id": sentence}
