from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestPeakOrders(SaleExceptionCommon):
    """Orders in peak mode: what would be held goes on, and is listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        second = cls._create_user("test_exception_second", "exception_core.group_manager")
        cls.users["second"] = second
        cls.detector = cls._holding("Large orders", never_relaxed=False)
        cls.fraud = cls._holding("Suspected fraud", never_relaxed=True, domain="[('id', '=', 0)]")

    @classmethod
    def _holding(cls, name, **overrides):
        """Create a detector that holds the confirmation of orders over 500."""
        detector = cls._create_detector(
            "sale.order",
            **{
                "name": name,
                "domain": "[('amount_untaxed', '>', 500), ('state', '=', 'sale')]",
                "amount_field": "amount_total",
                "holds": True,
                "hold_step": "confirm",
                **overrides,
            },
        )
        detector.action_enable()
        return detector

    def _peak(self, agreed=True, hours=4):
        now = fields.Datetime.now()
        peak = self.env["exception.peak"].with_user(self.user_manager)
        peak = peak.create(
            {
                "name": "Black Friday",
                "reason": "5,000 orders an hour",
                "detector_ids": [(6, 0, self.detector.ids)],
                "date_from": now - timedelta(hours=hours - 1),
                "date_until": now + timedelta(hours=1),
            }
        )
        if agreed:
            peak.with_user(self.users["second"]).agree()
        return peak

    def test_orders_pass_while_it_is_on_and_are_listed(self):
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft", "held without peak mode")
        peak = self._peak()
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "sale")
        line = peak.passed_ids
        self.assertEqual((line.res_id, line.document), (self.order.id, self.order.name))
        self.assertEqual((line.user_id, line.case_id.is_open), (self.seller, True))
        self.assertEqual(line.amount, self.order.amount_total)

    def test_found_during_the_very_step(self):
        peak = self._peak()
        with self.trap_cases() as trap:
            self.order.with_user(self.seller).action_confirm()
        case = trap.assert_opened(1, record=self.order)
        self.assertEqual((self.order.state, peak.passed_ids.case_id), ("sale", case))

    def test_asking_alone_relaxes_nothing(self):
        self._peak(agreed=False)
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_after_its_end_orders_are_held_again(self):
        peak = self._peak()
        peak.with_user(self.user_manager).end_now()
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(peak.passed_ids)

    def test_what_is_never_relaxed_holds(self):
        peak = self._peak()
        case = self._create_order_case(detector_id=self.fraud.id, hold_step="confirm")
        # for its part, the detector would not hold
        self.fraud.domain = self.detector.domain
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(case.is_holding)
        self.assertFalse(peak.passed_ids)

    def test_writing_the_state_passes_too_and_is_listed(self):
        with self.assertRaises(UserError):
            self.order.write({"state": "sale"})
        peak = self._peak()
        self.order.write({"state": "sale"})
        self.assertEqual(peak.passed_ids.res_id, self.order.id)

    def test_clean_orders_are_not_listed(self):
        peak = self._peak()
        self.product.list_price = 1
        clean = self._create_order()
        clean.action_confirm()
        self.assertEqual(clean.state, "sale")
        self.assertFalse(peak.passed_ids)

    def test_without_peak_mode_it_costs_no_statement(self):
        self.env["exception.peak"]._windows()
        case = self._create_order_case(hold_step="confirm").sudo()
        self.env.flush_all()
        with self.assertQueryCount(0):
            case._relaxed_cases(fields.Datetime.now())


@tagged("post_install", "-at_install")
class TestPeakOfPart(SaleExceptionCommon):
    """A hold set by hand belongs to no detector, and stays."""

    def test_hold_by_hand_stays(self):
        case = self._create_order_case(hold_step="confirm")
        self.assertFalse(case._relaxed_cases(fields.Datetime.now()))
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
