from odoo import _, fields, models
from odoo.tools.misc import format_amount

from odoo.addons.exception_core.tools.action_errors import ActionRefused


class SaleOrderSettle(models.Model):
    """Writing a small difference off, and taking that back."""

    _inherit = "sale.order"

    def _do_settle(self, run, values):
        """Write off what was paid too little or too much; called by the action “settle”.

        The entry is matched with what is open of the order now, or with its invoice once that is
        posted (``account_move.py``).
        """
        self.ensure_one()
        difference = self._exception_difference()
        self._refuse_settle(difference, values["amount"])
        move = self.env["account.move"].create(self._settle_entry(difference))
        move.action_post()
        self._settle_match(move)
        run._keep(entry=move.id, difference=difference)
        run._say(
            _(
                "%(amount)s written off with %(entry)s.",
                amount=format_amount(self.env, abs(difference), self.currency_id),
                entry=move.name,
            )
        )

    def _do_unsettle(self, run, values):
        """Take a write-off back: reverse its entry; called by the action “unsettle”."""
        self.ensure_one()
        move = self.env["account.move"].browse(values["entry"]).exists()
        if move.exception_settled_order_id != self or move.state != "posted":
            raise ActionRefused(_("The entry of the write-off is not posted any more."))
        if reversed_by := move.reversal_move_id.filtered(lambda one: one.state != "cancel"):
            raise ActionRefused(
                _(
                    "%(entry)s was reversed by hand already: see %(back)s.",
                    entry=move.name,
                    back=reversed_by[0].display_name,
                )
            )
        words = _("Write-off taken back: %s", move.name)
        back = move._reverse_moves(
            [{"date": fields.Date.context_today(self), "ref": words}], cancel=True
        )
        run._say(_("%(entry)s reversed with %(back)s.", entry=move.name, back=back.name))

    def _refuse_settle(self, difference, amount):
        """Raise what keeps the difference from being written off."""
        currency, company = self.currency_id, self.company_id
        if currency.is_zero(difference):
            raise ActionRefused(_("Nothing is left to settle: what was paid is what was due."))
        if currency.compare_amounts(abs(difference), amount):
            raise ActionRefused(
                _(
                    "The difference is %(now)s now, and not %(asked)s. Look at it again.",
                    now=format_amount(self.env, abs(difference), currency),
                    asked=format_amount(self.env, amount, currency),
                )
            )
        own = self._in_company_currency(abs(difference))
        if company.currency_id.compare_amounts(own, company.exception_settle_tolerance) > 0:
            raise ActionRefused(
                _(
                    "%(amount)s is more than is settled without asking (%(limit)s, in Settings). "
                    "Collect it, give it back, or write it off in Invoicing.",
                    amount=format_amount(self.env, own, company.currency_id),
                    limit=format_amount(
                        self.env, company.exception_settle_tolerance, company.currency_id
                    ),
                )
            )

    def _in_company_currency(self, amount):
        company = self.company_id
        today = fields.Date.context_today(self)
        return self.currency_id._convert(amount, company.currency_id, company, today)

    # ------------------------------------------------------------------
    # the entry
    # ------------------------------------------------------------------

    def _settle_entry(self, difference):
        """Return the values of the entry that writes a difference off."""
        company = self.company_id
        journal = company.exception_write_off_journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        account = self._settle_account(difference)
        if not journal or not account:
            raise ActionRefused(
                _(
                    "It is not said where differences are booked. Choose the journal and the "
                    "accounts in Settings › Exceptions › Web shop."
                )
            )
        words = _("Difference of the payment of %s", self.name)
        balance = self._in_company_currency(difference)
        common = {
            "name": words,
            "partner_id": self.partner_invoice_id.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
        }
        open_account = self._settle_open_lines(difference).account_id[:1]
        receivable = open_account or self.partner_invoice_id.property_account_receivable_id
        sides = [(receivable, difference, balance), (account, -difference, -balance)]
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "date": fields.Date.context_today(self),
            "ref": words,
            "exception_settled_order_id": self.id,
            "line_ids": [
                (0, 0, {**common, "account_id": side.id, "amount_currency": money, "balance": own})
                for side, money, own in sides
            ],
        }

    def _settle_account(self, difference):
        company = self.company_id
        if difference < 0:
            own = company.exception_write_off_loss_id
            return own or company.default_cash_difference_expense_account_id
        own = company.exception_write_off_gain_id
        return own or company.default_cash_difference_income_account_id

    def _settle_open_lines(self, difference):
        """Return what is open of the order on the side that the difference closes."""
        if difference < 0:
            moves = self.invoice_ids.filtered(lambda one: one.move_type == "out_invoice")
        else:
            moves = self.transaction_ids.payment_id.move_id
        lines = moves.filtered(lambda move: move.state == "posted").line_ids
        return lines.filtered(
            lambda line: line.account_type == "asset_receivable"
            and not line.reconciled
            and line.amount_residual * difference < 0
        )

    def _settle_match(self, move):
        """Match the entry with what is open of the order, one after the other."""
        own = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        for line in self._settle_open_lines(own.balance):
            if not own.reconciled and line.account_id == own.account_id:
                (own | line).reconcile()
