from odoo.tests import tagged

from .hold_common import AccountHoldCommon


@tagged("post_install", "-at_install")
class TestHoldCost(AccountHoldCommon):
    """What guards cost clean documents, and which changes end a lift."""

    def _count(self, record):
        count = self._count_statements(record.with_user(self.bookkeeper).action_post)
        self.assertEqual(record.state, "posted")
        return count

    def _assert_cheap(self, create, most):
        self._count(create())
        guarded = self._count(create())
        self._free("account.move", "account.payment")
        self.assertLessEqual(guarded - self._count(create()), most)

    def test_a_clean_invoice_costs_a_few_statements_more(self):
        self._assert_cheap(self._create_invoice, 3)

    def test_a_clean_payment_costs_a_few_statements_more(self):
        self._assert_cheap(self._create_payment, 3)

    def test_many_clean_invoices_cost_no_more_than_one(self):
        moves = self.env["account.move"].browse(self._create_invoice().id for _i in range(5))
        counts = []
        for some in (moves[:1], moves):
            some._exception_split("post")
            before = self.cr.sql_log_count
            some._exception_split("post")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_lift_ends_with_what_is_material(self):
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.supplier.id, "acc_number": "BE1"}
        )
        changes = {
            "partner": lambda move: move.write({"partner_id": self.partner.id}),
            "quantity": lambda move: move.invoice_line_ids.write({"quantity": 2}),
            "price": lambda move: move.invoice_line_ids.write({"price_unit": 1}),
            "discount": lambda move: move.invoice_line_ids.write({"discount": 5}),
            "bank account": lambda move: bank.write({"acc_number": "BE2"}),
            "line": lambda move: move.invoice_line_ids[0].copy({"move_id": move.id}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                bill = self._create_invoice("in_invoice", partner_bank_id=bank.id)
                case = self._hold(bill, "post")
                self._lift(case)
                self.assertFalse(bill._exception_holds("post"))
                change(bill)
                self.assertEqual(bill._exception_holds("post"), case)
