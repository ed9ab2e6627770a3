from odoo import api, fields, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class AccountMove(models.Model):
    """Invoices, bills and refunds show their open exceptions, and wait while one holds them.

    They can be held from being posted and from being paid. The entry of a payment waits with its
    payment. Other entries (valuation, bank statements, closing) are nobody's document: they show
    their exceptions, and are posted.
    """

    _name = "account.move"
    _inherit = ["account.move", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "post": GuardedStep(
                methods=("action_post",), field="state", before=("draft",), after=("posted",)
            ),
            "pay": GuardedStep(methods=("action_register_payment",)),
        }

    def _exception_guarded(self, step):
        return self.filtered(
            lambda move: move.is_invoice(include_receipts=True)
            or (step == "post" and move.payment_id)
        )

    def write(self, vals):
        """Write moves; a held document does not become an entry, which nothing holds."""
        if vals.get("move_type") == "entry" or not vals.get("payment_id", True):
            self._exception_before("post")._exception_backstop("post")
        return super().write(vals)

    def _exception_before(self, step):
        moves = super()._exception_before(step)
        return moves.filtered(lambda move: move.state == "posted") if step == "pay" else moves

    def _exception_money_out(self, step):
        """Credit notes to customers, and paying what we owe."""
        if step == "pay":
            return self.filtered(lambda move: move.is_outbound())
        return self.filtered(lambda move: move.move_type == "out_refund")

    def _exception_do(self, step):
        """Post; how and when a released document is paid, the bookkeeper decides."""
        return False if step == "pay" else super()._exception_do(step)

    @api.model
    def _exception_material_paths(self):
        """Who owes what to whom, and the account that it is paid to."""
        return [
            *super()._exception_material_paths(),
            "move_type",
            "partner_id",
            "partner_shipping_id",
            "partner_bank_id.acc_number",
            "partner_bank_id.bank_id",
            "company_id",
            "journal_id",
            "currency_id",
            "fiscal_position_id",
            "invoice_payment_term_id",
            "amount_total",
            "invoice_line_ids.product_id",
            "invoice_line_ids.name",
            "invoice_line_ids.product_uom_id",
            "invoice_line_ids.quantity",
            "invoice_line_ids.price_unit",
            "invoice_line_ids.discount",
            "invoice_line_ids.tax_ids",
        ]

    # ------------------------------------------------------------------
    # the entry of a payment waits with its payment
    # ------------------------------------------------------------------

    def _exception_check(self, step):
        result = super()._exception_check(step)
        if step == "post":
            self.payment_id._exception_check("pay")
        return result

    def _exception_holding(self, step, settle=False):
        holding = super()._exception_holding(step, settle)
        if step == "post":
            payments = self.payment_id
            own = payments._exception_own_holding("pay", settle)
            for payment_id, cases in own.items():
                move_id = payments.browse(payment_id).move_id.id
                holding[move_id] = holding.get(move_id, cases.browse()) | cases
        return holding

    def _exception_own_holding(self, step, settle=False):
        """Return what holds the entries themselves, see ``_exception_holding``."""
        return super()._exception_holding(step, settle)  # pylint: disable=super-method-mismatch

    # ------------------------------------------------------------------
    # the Scheduled Action that posts
    # ------------------------------------------------------------------

    def _autopost_draft_entries(self):
        """Leave out held documents; they are tried again the next time."""
        due = self.search(
            [
                ("state", "=", "draft"),
                ("date", "<=", fields.Date.context_today(self)),
                ("auto_post", "!=", "no"),
                ("to_check", "=", False),
            ]
        )
        _clean, held = due._exception_before("post")._exception_split("post")
        if held:
            held._exception_refused("post")
            # the job leaves out what somebody has to check
            held.with_context(tracking_disable=True).to_check = True
        result = super()._autopost_draft_entries()
        if held:
            held.with_context(tracking_disable=True).to_check = False
        return result
