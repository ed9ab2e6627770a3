from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, EcommerceCommon

HOLDING = ("payment_mismatch", "order_duplicate", "order_without_lines")


@tagged("post_install", "-at_install")
class TestStepMemory(EcommerceCommon):
    """What confirming has asked is not asked again before the commit, and hides nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in HOLDING:
            # sudo: a change of what holds may need a second person
            detector = cls.env.ref(f"exception_ecommerce.detector_{code}").sudo()
            detector.write({"holds": True, "hold_step": "confirm"})
        cls.customer = cls.env["res.partner"].create({"name": "Buyer"})

    def _confirm(self, order):
        """Confirm as a transaction of its own begins: nothing is in memory."""
        self.env.cr.flush()
        self.env.invalidate_all()
        self.env.cr.postrollback.data.clear()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _draft(self, **overrides):
        return self._order(self.goods, confirm=False, partner_id=self.customer.id, **overrides)

    def _cases(self, order, code):
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        cases = self.env["exception.case"].search(domain)
        return cases.filtered(lambda case: case.detector_id == self._detector(code))

    def test_the_database_is_not_asked_again_before_the_commit(self):
        detectors = type(self.env["exception.detector"])
        before = self.env["res.partner"].create({"name": "Somebody else"})
        with freeze_time(NOW):
            # as on a server that has seen an order before
            self._confirm(self._order(self.goods, confirm=False, partner_id=before.id))
            self.env.cr.flush()
            order = self._draft()
            self._confirm(order)
            with patch.object(detectors, "_fetch_differences") as asked:
                self.env.cr.flush()
        asked.assert_not_called()

    def test_a_save_of_which_nothing_is_remembered_asks(self):
        order = self._draft()
        self.env.cr.flush()
        self.env.cr.postrollback.data.clear()
        detectors = type(self.env["exception.detector"])
        with freeze_time(NOW):
            order.order_line.product_uom_qty = 3
            with patch.object(detectors, "_fetch_differences", return_value=[]) as asked:
                self.env.cr.flush()
        asked.assert_called_once()

    def test_another_order_that_becomes_the_customers_meanwhile_is_found(self):
        elsewhere = self.env["res.partner"].create({"name": "Somebody else"})
        earlier = self._order(self.goods, partner_id=elsewhere.id)
        order = self._draft()
        with freeze_time(NOW):
            self._confirm(order)
            earlier.partner_id = self.customer
            self.env.cr.flush()
        self.assertTrue(self._cases(order, "order_duplicate"))

    def test_a_customer_that_changes_meanwhile_is_asked_for(self):
        elsewhere = self.env["res.partner"].create({"name": "Somebody else"})
        self._order(self.goods, partner_id=elsewhere.id)
        order = self._draft()
        with freeze_time(NOW):
            self._confirm(order)
            order.partner_id = elsewhere
            self.env.cr.flush()
        self.assertTrue(self._cases(order, "order_duplicate"))

    def test_a_longer_window_than_was_asked_is_asked(self):
        """A detector of one's own with the same query and a longer window finds its own."""
        self._order(self.goods, partner_id=self.customer.id, ago=timedelta(hours=72))
        longer = (
            self._detector("order_duplicate")
            .sudo()
            .copy({"code": "order_duplicate_longer", "holds": False})
        )
        longer.parameter_ids.filtered(lambda one: one.name == "window_hours").value = "720"
        longer.action_enable()
        order = self._draft()
        with freeze_time(NOW):
            self._confirm(order)
            self.env.cr.flush()
        domain = [("res_id", "=", order.id), ("detector_id", "=", longer.id)]
        self.assertTrue(self.env["exception.case"].search_count(domain))
        self.assertFalse(self._cases(order, "order_duplicate"))

    def test_a_step_that_is_taken_again_asks_again(self):
        elsewhere = self.env["res.partner"].create({"name": "Somebody else"})
        earlier = self._order(self.goods, partner_id=elsewhere.id)
        order = self._draft()
        with freeze_time(NOW):
            self.env.cr.flush()
            self.env.cr.postrollback.data.clear()
            self.assertEqual(order._exception_split("confirm"), (order, order.browse()))
            earlier.partner_id = self.customer
            self.assertEqual(order._exception_split("confirm"), (order.browse(), order))

    def test_two_orders_of_one_customer_do_not_vouch_for_each_other(self):
        first = self._draft()
        second = self._draft()
        first.date_order = NOW - timedelta(days=30)
        with freeze_time(NOW):
            self.env.cr.flush()
            self.env.cr.postrollback.data.clear()
            for order in (first, second):
                order._exception_split("confirm")
            alone = self.env.cr.precommit.data.get("exception_ecommerce.alone", {})
        self.assertNotIn(first.id, alone)

    def test_a_payment_that_comes_meanwhile_is_found(self):
        order = self._draft()
        with freeze_time(NOW):
            self._confirm(order)
            self._pay(order, amount=70)
            self.env.cr.flush()
        self.assertTrue(self._cases(order, "payment_mismatch"))

    def test_cases_of_the_transaction_itself_are_asked_for(self):
        order = self._draft()
        cases = self.env["exception.case"].sudo()
        with freeze_time(NOW):
            self._confirm(order)
            self.assertFalse(cases._not_noted_unknown("sale.order", order.ids))
            self._create_case(res_model="sale.order", res_id=order.id)
        self.assertEqual(cases._not_noted_unknown("sale.order", order.ids), order.ids)
