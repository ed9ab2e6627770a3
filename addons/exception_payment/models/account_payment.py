from odoo import models


class AccountPayment(models.Model):
    """A provider's payment that was held is matched when it is posted."""

    _inherit = "account.payment"

    def action_post(self):
        """Post payments, and match those that their transaction could not."""
        result = super().action_post()
        for payment in self:
            transaction = payment.payment_transaction_id
            # while the transaction makes its payment, it matches by itself and is not linked yet
            if payment.state == "posted" and transaction.payment_id == payment:
                transaction._exception_match(payment)
        return result
