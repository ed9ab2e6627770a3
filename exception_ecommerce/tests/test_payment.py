from odoo import Command
from odoo.tests import tagged

from .common import EcommerceCommon


@tagged("post_install", "-at_install")
class TestPayment(EcommerceCommon):
    """Money kept after a cancellation; money that does not fit the total."""

    def _cancelled(self):
        order = self._order(self.goods)
        payment = self._pay(order)
        order._action_cancel()
        return order, payment

    def test_cancelled_after_payment_until_all_is_refunded(self):
        order, payment = self._cancelled()
        hit = self.assert_hit("cancelled_after_payment", order)
        self.assertEqual(hit["amount"], 50)
        self._refund(payment, 49.90)
        hit = self.assert_hit("cancelled_after_payment", order)
        self.assertAlmostEqual(float(hit["facts"]["to_refund"]), 0.10)
        self.assert_no_hit("cancelled_after_payment", order, tolerance=0.10)
        self._refund(payment, 0.10)
        self.assert_no_hit("cancelled_after_payment", order)

    def test_cancelled_without_payment(self):
        order = self._order(self.goods)
        self._authorise(order)
        order._action_cancel()
        self.assert_no_hit("cancelled_after_payment", order)

    def test_a_payment_of_unknown_amount_is_a_payment(self):
        order = self._order(self.goods)
        self._pay(order, amount=0)
        order._action_cancel()
        self.assert_hit("cancelled_after_payment", order)

    def test_mismatch_beyond_five_cents_both_ways(self):
        for difference, wrong in ((0.05, False), (-0.05, False), (0.06, True), (-0.06, True)):
            order = self._order(self.goods)
            self._pay(order, amount=50 + difference)
            check = self.assert_hit if wrong else self.assert_no_hit
            check("payment_mismatch", order)
        self.assertAlmostEqual(
            float(check("payment_mismatch", order)["facts"]["difference"]), -0.06
        )
        self.assert_no_hit("payment_mismatch", order, tolerance=0.06)

    def test_several_payments_add_up(self):
        order = self._order(self.goods)
        self._pay(order, amount=20)
        self.assert_hit("payment_mismatch", order)
        self._authorise(order, amount=30)
        self.assert_no_hit("payment_mismatch", order)
        self._pay(order, amount=5, state="pending")
        self._pay(order, amount=7, state="cancel")
        self.assert_no_hit("payment_mismatch", order)

    def test_an_order_without_payment_is_not_judged(self):
        self.assert_no_hit("payment_mismatch", self._order(self.goods))

    def test_a_refund_heals_too_much_and_makes_nothing_short(self):
        order = self._order(self.goods)
        payment = self._pay(order, amount=70)
        self.assert_hit("payment_mismatch", order)
        self._refund(payment, 20)
        self.assert_no_hit("payment_mismatch", order)
        self._refund(payment, 50)
        self.assert_no_hit("payment_mismatch", order)

    def test_a_voided_part_of_an_authorisation_was_not_paid(self):
        order = self._order(self.goods)
        payment = self._pay(order)
        self._pay(
            order,
            amount=20,
            state="cancel",
            source_transaction_id=payment.id,
            sale_order_ids=False,
        )
        self.assertEqual(self.assert_hit("payment_mismatch", order)["facts"]["paid"], 30)

    def test_a_down_payment_is_enough_where_the_order_asks_for_one(self):
        order = self._order(self.goods, require_payment=True, prepayment_percent=0.4)
        payment = self._pay(order, amount=20)
        self.assert_no_hit("payment_mismatch", order)
        payment.amount = 19
        self.assert_hit("payment_mismatch", order)

    def test_one_payment_for_two_orders_is_not_judged(self):
        first, second = self._order(self.goods), self._order(self.goods)
        payment = self._pay(first, amount=100)
        payment.sale_order_ids = [Command.link(second.id)]
        self.assert_no_hit("payment_mismatch", first | second)

    def test_cancelled_orders_by_parameter_only(self):
        order = self._order(self.goods)
        self._pay(order, amount=20)
        order._action_cancel()
        self.assert_no_hit("payment_mismatch", order)
        self.assert_hit("payment_mismatch", order, include_cancelled=1)
