from odoo import models

LIQUID = ("asset_cash", "liability_credit_card")


class AccountMove(models.Model):
    """Which entries pay which documents."""

    _inherit = "account.move"

    def _exception_paid_with(self):
        """Return those of these documents that the others would pay: money leaves for them."""
        owed = self._exception_before("pay")
        owed = owed._exception_money_out("pay")
        return owed if owed and (self - owed)._exception_moves_money() else owed.browse()

    def _exception_moves_money(self):
        """Tell whether money moves with one of these entries: a payment, the bank, cash."""
        if self.payment_id or self.statement_line_id:
            return True
        if any(move.journal_id.type in ("bank", "cash") for move in self):
            return True
        accounts = self.line_ids.account_id
        if any(account.account_type in LIQUID for account in accounts):
            return True
        # written by hand to where payments wait for the bank
        company = self.company_id
        waiting = company.account_journal_payment_credit_account_id
        waiting |= company.account_journal_payment_debit_account_id
        if accounts & waiting:
            return True
        # sudo: how journals are set up, for the model
        methods = self.env["account.payment.method.line"].sudo()
        return bool(methods.search_count([("payment_account_id", "in", accounts.ids)], limit=1))
