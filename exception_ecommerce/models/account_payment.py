from odoo import _, api, fields, models
from odoo.exceptions import UserError


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

    @api.model_create_multi
    def create(self, vals_list):
        """Create payments; only the action links one to the order whose payment it gives back."""
        if not self.env.su:
            vals_list = [{**vals, "exception_refund_order_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Write payments; what was given back bounds what may be, so nobody unlinks or types it."""
        if "exception_refund_order_id" in vals and not self.env.su:
            raise UserError(
                _("Which order a payment gives back follows from its refund: use the action.")
            )
        return super().write(vals)
