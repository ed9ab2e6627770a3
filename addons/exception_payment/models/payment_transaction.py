from odoo import models

# In the context of lines: reconcile those that are posted, leave the others. An object, because
# no client can send one in its context.
ONLY_POSTED_MARK = object()
ONLY_POSTED = {"exception_only_posted": ONLY_POSTED_MARK}


class PaymentTransaction(models.Model):
    """What the provider has done is done, although an invoice or payment in Odoo is held.

    The held document stays a draft and is matched when it is posted. Nothing is raised: the
    provider's notification, and the job that tries again for four days, would fail with it.
    """

    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        """Match the payment with what is posted."""
        posted = self.with_context(**ONLY_POSTED)
        payment = super(PaymentTransaction, posted)._create_payment(**extra_create_values)
        return payment.with_env(self.env)

    def _exception_match(self, payment):
        """Match a payment that was held with the invoices of its transaction, as Odoo does for
        payments that are posted at once."""
        invoices = self.invoice_ids or self.source_transaction_id.invoice_ids
        lines = (payment.line_ids + invoices.line_ids).filtered(
            lambda line: line.account_id == payment.destination_account_id and not line.reconciled
        )
        lines.with_context(**ONLY_POSTED).reconcile()

    def _send_refund_request(self, amount_to_refund=None):
        """Ask the provider for money back only if the payment is not held: then it is gone."""
        self.payment_id._exception_backstop("pay")
        return super()._send_refund_request(amount_to_refund=amount_to_refund)
