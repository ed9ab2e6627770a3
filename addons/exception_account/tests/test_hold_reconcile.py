from odoo import Command
from odoo.tests import tagged

from .hold_common import AccountHoldCommon

PAID = ("paid", "in_payment")


@tagged("post_install", "-at_install")
class TestHoldReconcile(AccountHoldCommon):
    """A held bill is not paid by matching it with money that was sent otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._create_invoice("in_invoice")
        cls.bill.action_post()
        cls.payable = cls.bill.line_ids.account_id.filtered(
            lambda account: account.account_type == "liability_payable"
        )
        cls.sent = cls._create_payment(amount=900)
        cls.sent.action_post()
        cls.case = cls._hold(cls.bill, "pay", title="Bank account is new")

    def _open(self, *entries):
        """Return the lines of entries that can be matched with each other."""
        lines = self.env["account.move.line"].union(*(entry.line_ids for entry in entries))
        return lines.filtered(lambda line: line.account_id == self.payable)

    def _entry(self, account, journal="general"):
        """Return a posted entry that takes 900 from an account to the supplier."""
        journals = self.env["account.journal"]
        entry = self.env["account.move"].create(
            {
                "journal_id": journals.search([("type", "=", journal)], limit=1).id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.payable.id,
                            "partner_id": self.supplier.id,
                            "debit": 900,
                        }
                    ),
                    Command.create({"account_id": account.id, "credit": 900}),
                ],
            }
        )
        entry.action_post()
        return entry

    def _assert_paid(self, paid=True):
        self.assertEqual(self.bill.payment_state in PAID, paid)

    def test_matching_by_hand_is_refused(self):
        lines = self._open(self.bill, self.sent.move_id)
        theirs = self._open(self.sent.move_id)
        with self._assert_refused(self.case.name):
            self._rpc(self.bookkeeper, self.bill, "js_assign_outstanding_line", theirs.id)
        with self._assert_refused(self.case.name):
            self._rpc(self.bookkeeper, lines, "reconcile")
        self._assert_paid(False)
        self.case.state = "resolved"
        self._rpc(self.bookkeeper, self.bill, "js_assign_outstanding_line", theirs.id)
        self._assert_paid()

    def test_writing_the_match_is_refused(self):
        ours, theirs = self._open(self.bill), self._open(self.sent.move_id)
        values = {
            "debit_move_id": theirs.id,
            "credit_move_id": ours.id,
            "amount": 900,
            "debit_amount_currency": 900,
            "credit_amount_currency": 900,
        }
        partials = self.env["account.partial.reconcile"]
        with self._assert_refused(self.case.name):
            partials.with_user(self.bookkeeper).create(values)
        with self._assert_refused(self.case.name):
            partials.create(values)
        self._assert_paid(False)

    def test_entries_by_hand_that_move_money_are_money(self):
        cash = self.bank.default_account_id
        waits = self.env.company.account_journal_payment_credit_account_id
        for account in (cash, waits):
            with self.subTest(account=account.code):
                lines = self._open(self.bill, self._entry(account))
                with self._assert_refused(self.case.name):
                    self._rpc(self.bookkeeper, lines, "reconcile")
        self._assert_paid(False)

    def test_what_moves_no_money_is_matched_as_ever(self):
        credit = self._create_invoice("in_refund", price=100)
        credit.action_post()
        self._rpc(self.bookkeeper, self._open(self.bill, credit), "reconcile")
        self.assertEqual(self.bill.amount_residual, 800)
        income = self.invoice.invoice_line_ids.account_id
        self._rpc(self.bookkeeper, self._open(self.bill, self._entry(income)), "reconcile")
        self.assertEqual(self.bill.amount_residual, 0)

    def test_a_lift_lets_it_be_matched(self):
        self._lift(self.case)
        self._rpc(self.bookkeeper, self._open(self.bill, self.sent.move_id), "reconcile")
        self._assert_paid()

    def test_money_back_to_a_customer(self):
        credit = self._create_invoice("out_refund")
        credit.action_post()
        case = self._hold(credit, "pay")
        back = self._create_payment(amount=900, partner_type="customer", partner_id=self.partner.id)
        back.action_post()
        lines = (credit.line_ids | back.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        with self._assert_refused(case.name):
            self._rpc(self.bookkeeper, lines, "reconcile")
        self.assertEqual(credit.payment_state, "not_paid")

    def test_what_customers_pay_is_matched(self):
        self.invoice.action_post()
        self._hold(self.invoice, "pay")
        payment = self._create_payment(
            amount=900,
            payment_type="inbound",
            partner_type="customer",
            partner_id=self.partner.id,
        )
        payment.action_post()
        lines = (self.invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self._rpc(self.bookkeeper, lines, "reconcile")
        self.assertIn(self.invoice.payment_state, PAID)

    # ------------------------------------------------------------------
    # what nobody presses a button for
    # ------------------------------------------------------------------

    def test_jobs_leave_it_and_say_so(self):
        other = self._create_invoice("in_invoice", price=50, partner_id=self.partner.id)
        other.action_post()
        small = self._create_payment(amount=50, partner_id=self.partner.id)
        small.action_post()
        plan = [self._open(self.bill, self.sent.move_id), self._open(other, small.move_id)]
        self.env["account.move.line"].sudo()._reconcile_plan(plan)
        self._assert_paid(False)
        self.assertIn(other.payment_state, PAID)
        self.assertEqual(self.case.hold_refused_count, 1)

    def test_the_bank_s_lines_come_in(self):
        accountant = self._create_user("test_exception_accountant", "account.group_account_user")
        lines = self.env["account.bank.statement.line"].with_user(accountant)
        columns = ["journal_id/.id", "date", "payment_ref", "partner_id/.id", "amount"]
        rows = [[str(self.bank.id), "2026-01-20", "BILL", str(self.supplier.id), "-900"]]
        result = lines.load(columns, rows)
        self.assertFalse(result["messages"])
        line = self.env["account.bank.statement.line"].browse(result["ids"])
        # as the screens of reconciliation do it
        cash = self.bank.default_account_id
        counterpart = line.line_ids.filtered(lambda one: one.account_id != cash)
        counterpart.account_id = self.payable
        matched = self._open(self.bill, line.move_id)
        with self._assert_refused(self.case.name):
            self._rpc(accountant, matched, "reconcile")
        matched.with_user(accountant).with_context(import_file=True).reconcile()
        self._assert_paid(False)
        self.case.state = "resolved"
        self._rpc(accountant, matched, "reconcile")
        self._assert_paid()

    def test_marked_entries_of_an_import_are_posted_and_not_matched(self):
        entry = self._entry(self.bank.default_account_id)
        lines = self._open(self.bill, entry)
        self.env.cr.execute(
            "UPDATE account_move_line SET matching_number = 'I7' WHERE id = ANY(%s)", (lines.ids,)
        )
        lines.invalidate_recordset()
        lines.with_user(self.bookkeeper)._reconcile_marked()
        self._assert_paid(False)
        self.assertEqual(self.case.hold_refused_count, 1)
