from odoo.tests import tagged

from odoo.addons.exception_account.tests.hold_common import AccountHoldCommon

PAID = ("paid", "in_payment")


@tagged("post_install", "-at_install")
class TestHoldProvider(AccountHoldCommon):
    """Customers pay with a provider in test mode while the invoice or the payment is held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.provider.write({"state": "test", "journal_id": cls.bank.id})
        cls.method = cls.env.ref("payment_demo.payment_method_demo")

    def _pay(self, invoice, **overrides):
        """Return the transaction of a customer who paid this invoice."""
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "amount": invoice.amount_total,
            "currency_id": invoice.currency_id.id,
            "partner_id": invoice.partner_id.id,
            "reference": f"tx-{invoice.id}",
            "operation": "online_redirect",
            "invoice_ids": [(6, 0, invoice.ids)],
        }
        transaction = self.env["payment.transaction"].create({**values, **overrides})
        notification = {"reference": transaction.reference, "simulated_state": "done"}
        transaction._handle_notification_data("demo", notification)
        transaction._finalize_post_processing()
        return transaction

    def test_clean_invoices_are_paid_as_ever(self):
        transaction = self._pay(self.invoice)
        self.assertEqual(transaction.payment_id.state, "posted")
        self.assertIn(self.invoice.payment_state, PAID)

    def test_a_held_invoice_waits_and_the_payment_is_kept(self):
        case = self._hold(self.invoice, "post")
        transaction = self._pay(self.invoice)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.payment_id.state, "posted")
        self.assertEqual(self.invoice.state, "draft")
        case.state = "resolved"
        self._rpc(self.bookkeeper, self.invoice, "action_post")
        self.assertIn(self.invoice.payment_state, PAID)

    def test_a_held_payment_waits_and_is_matched_when_it_is_posted(self):
        self._holding_detector("account.payment", "[('amount', '>', 800)]", "pay")
        with self.trap_cases() as trap:
            transaction = self._pay(self.invoice)
        payment = transaction.payment_id
        case = trap.assert_opened(1, record=payment)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual((payment.state, self.invoice.payment_state), ("draft", "not_paid"))
        self._lift(case)
        self._rpc(self.bookkeeper, payment, "action_post")
        self.assertEqual(payment.state, "posted")
        self.assertIn(self.invoice.payment_state, PAID)

    def test_a_held_payment_by_token_charges_nobody(self):
        token = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": self.partner.id,
                "provider_ref": "token",
                "payment_details": "1234",
                "demo_simulated_state": "done",
            }
        )
        payment = self._create_payment(
            payment_type="inbound",
            partner_type="customer",
            partner_id=self.partner.id,
            payment_token_id=token.id,
        )
        self._hold(payment, "pay")
        self._rpc(self.bookkeeper, payment, "action_post")
        self.assertEqual(payment.state, "draft")
        self.assertFalse(payment.payment_transaction_id)

    def test_money_is_not_given_back_while_the_payment_is_held(self):
        transaction = self._pay(self.invoice)
        case = self._hold(transaction.payment_id, "pay")
        for call in (transaction.action_refund, transaction._send_refund_request):
            with self._assert_refused(case.name):
                call()
        self.assertFalse(transaction.child_transaction_ids)
        case.state = "resolved"
        transaction.action_refund()
        self.assertEqual(transaction.child_transaction_ids.operation, "refund")
