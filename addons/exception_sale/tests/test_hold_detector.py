from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleExceptionCommon

REALTIME = "odoo.addons.exception_core.models.exception_detector_realtime"


@tagged("post_install", "-at_install")
class TestHoldDetector(SaleExceptionCommon):
    """Detectors that hold are asked before the step, as if it had been taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector(
            model="sale.order",
            name="Free of charge",
            domain="[('state', '=', 'sale'), ('amount_total', '=', 0)]",
            amount_field="amount_total",
            cadence="realtime",
            holds=True,
            hold_step="confirm",
        )
        cls.detector.action_enable()
        cls._watch_saves()
        cls.order.order_line.price_unit = 0

    def _case(self, order=None):
        domain = [("detector_id", "=", self.detector.id), ("res_id", "=", (order or self.order).id)]
        return self.env["exception.case"].search(domain)

    def test_found_before_the_step_and_kept(self):
        self.order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self._case().mapped("hold_step"), ["confirm"])
        self.assertTrue(self._case().is_holding)
        self.detector._sweep()
        self.assertTrue(self._case().is_open, "a sweep judges it as if it was confirmed")

    def test_drafts_nobody_wants_to_confirm_are_no_exception(self):
        self.detector._sweep()
        self.assertFalse(self._case())

    def test_put_right_it_goes_on(self):
        self.order.action_confirm()
        self.order.order_line.price_unit = 10
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self._case().outcome, "cleared")

    def test_put_right_the_case_clears_before_the_next_try(self):
        self.order.action_confirm()
        self.env.cr.flush()
        self.order.order_line.price_unit = 10
        self.env.cr.flush()
        self.assertEqual(self._case().outcome, "cleared")

    def test_cancelled_it_clears(self):
        self.order.action_confirm()
        self.env.cr.flush()
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.env.cr.flush()
        self.assertEqual(self._case().outcome, "cleared")

    def test_a_detector_switched_off_holds_nothing_new(self):
        self.detector.action_disable()
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_open_cases_follow_the_detector(self):
        self.order.action_confirm()
        self.detector.holds = False
        self.assertFalse(self._case().hold_step)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_holding_needs_a_step(self):
        with self.assertRaisesRegex(UserError, "which step"):
            self.detector.hold_step = False

    @mute_logger(REALTIME, "odoo.sql_db")
    def test_a_check_that_fails_lets_pass_and_checks_again(self):
        broken = patch.object(
            type(self.detector), "_fetch_differences", side_effect=ZeroDivisionError("broken")
        )
        single = patch.object(
            type(self.detector), "_key_rows", side_effect=ZeroDivisionError("broken")
        )
        with broken, single:
            self.order.action_confirm()
            self.env.cr.flush()
        self.assertEqual(self.order.state, "sale")
        case = self._case()
        self.assertEqual(case.type_id.code, "check_unavailable")
        self.assertFalse(case.is_holding)
        self.assertIn(self.detector, self.env["exception.detector"]._unavailable())
        self.detector._sweep()
        self.assertEqual(case.outcome, "cleared")
        self.assertEqual((self._case() - case).type_id, self.detector.type_id)

    @mute_logger(REALTIME, "odoo.sql_db")
    def test_what_moves_money_out_waits_for_a_check_that_fails(self):
        money = patch.object(
            type(self.order), "_exception_money_out", lambda orders, step: orders, create=True
        )
        broken = patch.object(
            type(self.detector), "_fetch_differences", side_effect=ZeroDivisionError("broken")
        )
        single = patch.object(
            type(self.detector), "_key_rows", side_effect=ZeroDivisionError("broken")
        )
        with money, broken, single:
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self._case().hold_step, "confirm")
        self.order.order_line.price_unit = 5
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    @mute_logger("odoo.addons.exception_core.models.exception_detector_sweep", "odoo.sql_db")
    def test_what_holds_is_never_switched_off_by_itself(self):
        self.detector.max_failures = 1
        single = patch.object(type(self.detector), "_key_rows", side_effect=ZeroDivisionError("no"))
        with single:
            self.detector._sweep()
        self.assertEqual(self.detector.state, "enabled")
        self.assertIn("stays on", self.detector.activity_ids.note)
