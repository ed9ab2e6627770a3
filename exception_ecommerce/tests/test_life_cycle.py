from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import NOW, EcommerceCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestLifeCycle(EcommerceCommon):
    """From hits to cases and back, and what makes the detectors usable as they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._watch_saves()

    def _case(self, code, order):
        domain = [("detector_id", "=", self._detector(code).id), ("res_id", "=", order.id)]
        return self.env["exception.case"].search(domain)

    def test_healed_orders_clear_their_cases(self):
        order = self._order(self.goods, ago=10 * DAY)
        self._pay(order, ago=6 * DAY)
        detector = self._detector("paid_not_shipped")
        with freeze_time(NOW):
            detector._sweep()
            case = self._case("paid_not_shipped", order)
            self.assertTrue(case.is_open)
            self.assertEqual(case.type_id.code, "paid_not_shipped")
            self.assertEqual(case.facts[0]["label"], "Days since payment")
            self.assertEqual(detector._sweep().opened, 0)
            self._done(order.picking_ids)
            detector._sweep()
        self.assertEqual((len(case), case.outcome), (1, "cleared"))

    def test_a_save_opens_and_clears(self):
        with freeze_time(NOW):
            order = self._order()
            self.env.cr.flush()
            case = self._case("order_without_lines", order)
            self.assertTrue(case.is_open)
            order.order_line = [Command.create({"product_id": self.goods.id})]
            self.env.cr.flush()
            self.assertEqual(case.outcome, "cleared")

    def test_a_payment_touches_its_order(self):
        with freeze_time(NOW):
            order = self._order(self.goods)
            payment = self._pay(order, amount=10)
            self.env.cr.flush()
            case = self._case("payment_mismatch", order)
            self.assertTrue(case.is_open)
            payment.amount = 50
            self.env.cr.flush()
            self.assertEqual(case.outcome, "cleared")

    def test_a_refund_touches_the_order_of_its_payment(self):
        with freeze_time(NOW):
            order = self._order(self.goods)
            payment = self._pay(order)
            order._action_cancel()
            self.env.cr.flush()
            case = self._case("cancelled_after_payment", order)
            self.assertTrue(case.is_open)
            self._refund(payment, 50)
            self.env.cr.flush()
            self.assertEqual(case.outcome, "cleared")

    def test_all_detectors_are_on_with_units_and_examples(self):
        records = self.env["ir.model.data"].search(
            [("module", "=", "exception_ecommerce"), ("model", "=", "exception.detector")]
        )
        detectors = self.env["exception.detector"].browse(records.mapped("res_id"))
        self.assertEqual(len(detectors), 14)
        for detector in detectors:
            detector._check_definition()
            self.assertEqual((detector.state, detector.cadence), ("enabled", "realtime"))
            self.assertTrue(detector.fact_ids and detector.trigger_ids and detector.description)
        for parameter in detectors.parameter_ids:
            self.assertTrue(parameter.unit and parameter.label, parameter.name)
            self.assertRegex(parameter.help, "xample|clears", parameter.name)
