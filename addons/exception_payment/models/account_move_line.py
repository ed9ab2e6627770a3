from odoo import models

from odoo.addons.exception_account.models.account_move_line_reconcile import LEAVE_HELD

from .payment_transaction import ONLY_POSTED_MARK


class AccountMoveLine(models.Model):
    """Held documents are drafts, which cannot be reconciled."""

    _inherit = "account.move.line"

    def reconcile(self):
        """Reconcile; for a provider's payment, only what is posted."""
        if self.env.context.get("exception_only_posted") is not ONLY_POSTED_MARK:
            return super().reconcile()
        posted = self.filtered(lambda line: line.parent_state == "posted")
        # nothing to match with
        if len(posted.move_id) < 2:
            return {}
        # the provider has moved the money already
        return super(AccountMoveLine, posted.with_context(**LEAVE_HELD)).reconcile()
