from odoo.tests import tagged

from .hold_common import AccountHoldCommon


@tagged("post_install", "-at_install")
class TestHoldPay(AccountHoldCommon):
    """A held payment is not posted, and a held bill is not paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._hold(cls.payment, "pay", title="Bank account is new")

    def _bill(self, **overrides):
        bill = self._create_invoice("in_invoice", **overrides)
        bill.action_post()
        return bill

    def _register(self, documents, **values):
        """Return the dialog that registers a payment, filled in."""
        dialog = self.env["account.payment.register"].with_user(self.bookkeeper)
        context = {"active_model": "account.move", "active_ids": documents.ids}
        return dialog.with_context(**context).create(values)

    # ------------------------------------------------------------------
    # payments
    # ------------------------------------------------------------------

    def test_rpc_is_told_what_holds(self):
        answer = self._rpc(self.bookkeeper, self.payment, "action_post")
        self.assertEqual(self.payment.state, "draft")
        self._assert_told(answer, self.case)

    def test_the_clean_of_a_batch_go_on(self):
        clean = self._create_payment() | self._create_payment(payment_type="inbound")
        self._rpc(self.bookkeeper, clean | self.payment, "action_post")
        self.assertEqual(set(clean.mapped("state")), {"posted"})
        self.assertEqual(self.payment.state, "draft")

    def test_its_entry_waits_as_well_and_says_so(self):
        entry = self.payment.move_id
        answer = self._rpc(self.bookkeeper, entry, "action_post")
        self._assert_told(answer, self.case)
        with self._assert_refused(self.case.name):
            entry._post()
        with self._assert_refused(self.case.name):
            self._rpc(self.bookkeeper, entry, "write", {"state": "posted"})
        self.assertEqual(entry.state, "draft")

    def test_a_hold_on_the_entry_holds_the_payment(self):
        payment = self._create_payment()
        case = self._hold(payment.move_id, "post")
        with self._assert_refused(case.name):
            payment.move_id._post()
        answer = self._rpc(self.bookkeeper, payment, "action_post")
        self._assert_told(answer, case)
        self.assertEqual(payment.state, "draft")

    def test_writing_the_state_is_refused(self):
        for user in (self.bookkeeper, self.env.ref("base.user_root")):
            with self._assert_refused(self.case.name):
                self._rpc(user, self.payment, "write", {"state": "posted"})

    def test_import_is_refused(self):
        payments = self.env["account.payment"].with_user(self.bookkeeper)
        result = payments.load([".id", "state"], [[str(self.payment.id), "posted"]])
        self.assertFalse(result["ids"])
        self.assertIn(self.case.name, result["messages"][0]["message"])

    def test_money_leaves_with_payments_to_others_only(self):
        inbound = self._create_payment(payment_type="inbound")
        both = self.payment | inbound
        self.assertEqual(both._exception_money_out("pay"), self.payment)

    def test_a_payment_made_by_the_dialog_stays_a_draft(self):
        self._holding_detector("account.payment", "[('amount', '>', 800)]", "pay")
        bill = self._bill()
        answer = self._register(bill).action_create_payments()
        hold = answer["params"]["exception_hold"]
        payment = self.env["account.payment"].browse(hold["held"][0]["id"])
        self.assertEqual((payment.state, bill.payment_state), ("draft", "not_paid"))
        self.assertEqual(answer["params"]["next"]["res_id"], payment.id)

    def test_the_dialog_for_many_pays_what_is_clean(self):
        self._holding_detector("account.payment", "[('amount', '>', 800)]", "pay")
        dear, cheap = self._bill(), self._bill(price=50, partner_id=self.partner.id)
        answer = self._register(dear | cheap).action_create_payments()
        self.assertEqual(dear.payment_state, "not_paid")
        self.assertIn(cheap.payment_state, ("paid", "in_payment"))
        self.assertEqual(len(answer["params"]["exception_hold"]["done"]), 1)

    def test_a_lift_ends_with_another_amount_or_bank_account(self):
        accounts = self.env["res.partner.bank"]
        first = accounts.create({"partner_id": self.supplier.id, "acc_number": "BE1"})
        second = accounts.create({"partner_id": self.supplier.id, "acc_number": "BE2"})
        changes = {
            "amount": lambda payment: payment.write({"amount": 121}),
            "partner": lambda payment: payment.write({"partner_id": self.partner.id}),
            "account": lambda payment: payment.write({"partner_bank_id": second.id}),
            "number": lambda payment: first.write({"acc_number": "BE3"}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                payment = self._create_payment(partner_bank_id=first.id)
                case = self._hold(payment, "pay")
                self._lift(case)
                self.assertFalse(payment._exception_holds("pay"))
                change(payment)
                self.assertEqual(payment._exception_holds("pay"), case)

    # ------------------------------------------------------------------
    # bills
    # ------------------------------------------------------------------

    def test_a_held_bill_gets_no_dialog(self):
        held, clean = self._bill(), self._bill()
        self._hold(held, "pay")
        answer = self._rpc(self.bookkeeper, held, "action_register_payment")
        self.assertNotIn("next", answer["params"])
        answer = self._rpc(self.bookkeeper, held | clean, "action_register_payment")
        lines = answer["params"]["next"]["context"]["active_ids"]
        self.assertEqual(self.env["account.move.line"].browse(lines).move_id, clean)

    def test_the_dialog_refuses_a_held_bill(self):
        held, clean = self._bill(), self._bill()
        case = self._hold(held, "pay")
        for documents in (held, held | clean):
            with self._assert_refused(case.name):
                self._register(documents).action_create_payments()
        case.state = "resolved"
        self._register(held).action_create_payments()
        self.assertIn(held.payment_state, ("paid", "in_payment"))

    def test_being_held_from_payment_does_not_hold_posting(self):
        bill = self._create_invoice("in_invoice")
        self._hold(bill, "pay")
        self._rpc(self.bookkeeper, bill, "action_post")
        self.assertEqual(bill.state, "posted")
        self.assertEqual(bill._exception_money_out("pay"), bill)
