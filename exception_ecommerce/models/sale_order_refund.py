from odoo import _, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_amount

from odoo.addons.exception_core.tools.action_errors import ActionRefused, ActionUnknown

from .sale_order_money import UNDER_WAY


class SaleOrderRefund(models.Model):
    """Giving money back: through the provider that took it, else as a payment to be posted."""

    _inherit = "sale.order"

    def _do_refund(self, run, values):
        """Give so much back; called by the action “refund”.

        Providers that can are asked; for the rest a payment to the customer is drafted, which
        the bookkeeper posts. What can be refused is refused before the first provider is asked:
        what it gave back stays given back.
        """
        self.ensure_one()
        parts, left = self._refund_parts(self._refuse_refund(values["amount"]))
        draft = self._refund_draft(left) if left else None
        self.env.flush_all()
        for payment, part in parts:
            run._sent()
            refund = self._refund_ask(payment, part)
            run._say(self._refund_words(payment, refund, part))
        if draft:
            run._say(
                _(
                    "Payment of %(amount)s to %(customer)s drafted in %(journal)s: post it when "
                    "the money is sent.",
                    amount=format_amount(self.env, left, self.currency_id),
                    customer=draft.partner_id.name,
                    journal=draft.journal_id.name,
                )
            )

    def _refund_parts(self, amount):
        """Return the pairs (payment, part) that providers give back, and what is left."""
        parts, left = [], amount
        for payment in self._refund_sources():
            part = self.currency_id.round(min(left, self._refund_left(payment)))
            if self.currency_id.compare_amounts(part, 0) <= 0:
                continue
            if self._refund_by_provider(payment, part):
                parts.append((payment, part))
                left = self.currency_id.round(left - part)
        return parts, left

    def _do_cancel_refund(self, run, values):
        """Cancel an order of which nothing has left, and give so much back."""
        self.ensure_one()
        done = self.picking_ids.filtered(lambda picking: picking.state == "done")
        if done:
            raise ActionRefused(
                _(
                    "%s has left already, so the order is not cancelled. Refund what did not.",
                    done[0].name,
                )
            )
        self._refuse_refund(values["amount"])
        self._action_cancel()
        run._say(_("%s cancelled.", self.name))
        self._do_refund(run, values)

    def _refuse_refund(self, amount):
        """Return the amount, after checking that so much can be given back."""
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise ActionRefused(_("Say how much is given back."))
        most = self._exception_refundable()
        if self.currency_id.compare_amounts(amount, most) > 0:
            raise ActionRefused(
                _(
                    "%(most)s at most can be given back on %(order)s: the rest was not paid, or "
                    "was given back already.",
                    most=format_amount(self.env, max(most, 0.0), self.currency_id),
                    order=self.name,
                )
            )
        return self.currency_id.round(amount)

    def _refund_sources(self):
        """Return the payments of the order that can be given back, the last one first."""
        paid = self.transaction_ids.filtered(
            lambda tx: tx.state == "done"
            and tx.operation not in ("refund", "validation")
            and tx.currency_id == self.currency_id
        )
        return paid.sorted("id", reverse=True)

    def _refund_left(self, payment):
        back = payment.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state in UNDER_WAY
        )
        return payment.amount + sum(back.mapped("amount"))

    def _refund_by_provider(self, payment, part):
        """Tell whether the provider gives this part of a payment back."""
        provider, method = payment.provider_id, payment.payment_method_id
        if provider.state == "disabled" or not provider.support_refund or not method.support_refund:
            return False
        whole = not self.currency_id.compare_amounts(part, payment.amount)
        return whole or "full_only" not in (provider.support_refund, method.support_refund)

    def _refund_ask(self, payment, part):
        """Ask the provider; what it answers with an error may have been done all the same."""
        try:
            return payment._send_refund_request(amount_to_refund=part)
        except ValidationError as error:
            # providers report a refusal and a lost connection alike
            raise ActionUnknown(
                _("%(provider)s: %(error)s", provider=payment.provider_id.name, error=error)
            ) from error

    def _refund_words(self, payment, refund, part):
        return _(
            "%(amount)s given back through %(provider)s (%(reference)s).",
            amount=format_amount(self.env, part, self.currency_id),
            provider=payment.provider_id.name,
            reference=refund.reference,
        )

    def _refund_draft(self, amount):
        company = self.company_id
        journal = company.exception_refund_journal_id or self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        if not journal:
            raise ActionRefused(
                _("Choose in Settings › Exceptions › Web shop from where refunds are paid.")
            )
        return self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner_invoice_id.commercial_partner_id.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "journal_id": journal.id,
                "ref": _("Refund of %s", self.name),
                "exception_refund_order_id": self.id,
            }
        )
