from odoo import models

# Where payments made by the dialog are noted, so that what it answers can tell of held ones.
MADE = "exception_payments_made"


class AccountPaymentRegister(models.TransientModel):
    """Held documents are not paid, and held payments stay drafts."""

    _inherit = "account.payment.register"

    def _create_payments(self):
        """Refuse while a document is held: the amount was agreed for all of them together."""
        documents = self.line_ids.move_id._exception_before("pay")
        documents._exception_backstop("pay")
        with documents._exception_passing("pay"):
            payments = super()._create_payments()
        self.env.context.get(MADE, []).extend(payments.ids)
        return payments

    def action_create_payments(self):
        """Create and post payments; tell which were not posted because they are held."""
        made = []
        dialog = super(AccountPaymentRegister, self.with_context(**{MADE: made}))
        action = dialog.action_create_payments()
        payments = self.env["account.payment"].browse(made)
        held = payments.filtered(lambda payment: payment.state == "draft")
        held = held.filtered(lambda payment: payment._exception_holds("pay"))
        if not held:
            return action
        return held._exception_answer("pay", "action_post", payments - held, action, True)
