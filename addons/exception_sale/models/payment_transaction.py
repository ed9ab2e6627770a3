from odoo import models
from odoo.tools import str2bool


class PaymentTransaction(models.Model):
    """A payment whose order is held is kept, and the customer is told just that."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Return the orders that really were confirmed.

        The others stay: as sent quotations, which no reminder of an abandoned cart reaches and no
        cart is built on. The customer gets the mail that the payment has arrived.
        """
        orders = super()._check_amount_and_confirm_order()
        confirmed = orders.filtered(lambda order: order.state == "sale")
        unsent = (orders - confirmed).filtered(lambda order: order.state == "draft")
        if unsent:
            unsent.with_context(tracking_disable=True).action_quotation_sent()
        return confirmed

    def _exception_invoice_late(self):
        """Invoice orders that were confirmed after their payment was processed, if set so."""
        # sudo: system parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        if not self or not str2bool(params.get_param("sale.automatic_invoice") or "False"):
            return
        self._invoice_sale_orders()
        self.invoice_ids.filtered(lambda invoice: invoice.state == "draft").action_post()
        for transaction in self:
            payment = transaction.payment_id
            lines = (payment.line_ids + transaction.invoice_ids.line_ids).filtered(
                lambda line, account=payment.destination_account_id: (
                    # an invoice or a payment that is held itself is matched when it is posted
                    line.account_id == account
                    and not line.reconciled
                    and line.parent_state == "posted"
                )
            )
            lines.reconcile()
        self._send_invoice()
