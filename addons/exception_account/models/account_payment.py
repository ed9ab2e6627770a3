from contextlib import contextmanager

from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class AccountPayment(models.Model):
    """Payments show their open exceptions, and wait to be posted while one holds them."""

    _name = "account.payment"
    _inherit = ["account.payment", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "pay": GuardedStep(
                methods=("action_post",), field="state", before=("draft",), after=("posted",)
            ),
        }

    def _exception_money_out(self, step):
        """Payments to others; between our own accounts no money leaves."""
        return self.filtered(
            lambda payment: payment.payment_type == "outbound" and not payment.is_internal_transfer
        )

    def _exception_holding(self, step, settle=False):
        """Take holds of their entries for holds of the payments."""
        holding = self._exception_own_holding(step, settle)
        for move_id, cases in self.move_id._exception_own_holding("post", settle).items():
            payment_id = self.env["account.move"].browse(move_id).payment_id.id
            holding[payment_id] = holding.get(payment_id, cases.browse()) | cases
        return holding

    def _exception_own_holding(self, step, settle=False):
        """Return what holds the payments themselves, see ``_exception_holding``."""
        return super()._exception_holding(step, settle)  # pylint: disable=super-method-mismatch

    @contextmanager
    def _exception_passing(self, step):
        """Let the entries of payments pass with them."""
        with super()._exception_passing(step), self.move_id._exception_passing("post"):
            yield

    @api.model
    def _exception_material_paths(self):
        """Who gets how much from which of our accounts, and into which of theirs."""
        return [
            *super()._exception_material_paths(),
            "payment_type",
            "partner_type",
            "partner_id",
            "partner_bank_id.acc_number",
            "partner_bank_id.bank_id",
            "company_id",
            "journal_id",
            "destination_journal_id",
            "payment_method_line_id",
            "currency_id",
            "amount",
        ]
