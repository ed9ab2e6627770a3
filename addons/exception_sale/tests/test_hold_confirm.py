from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldConfirm(SaleExceptionCommon):
    """Orders that are held are not confirmed, whoever tries it and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("exception_core.reason_override_manager_decision")
        cls.case = cls._hold()

    @classmethod
    def _hold(cls, order=None, **overrides):
        return cls._create_order_case(order, **{"hold_step": "confirm", **overrides})

    def _lift(self, case=None, **kw):
        return (case or self.case).with_user(self.user_manager).lift_hold(self.reason.id, **kw)

    def test_confirm_leaves_the_held_order_and_says_so(self):
        answer = self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        held = answer["params"]["exception_hold"]["held"]
        self.assertEqual(
            [(row["id"], row["case_ids"]) for row in held], [(self.order.id, self.case.ids)]
        )
        self.assertEqual(self.case.hold_refused_by, self.seller)
        self.assertEqual(self.case.hold_refused_count, 1)

    def test_the_clean_of_a_batch_go_on(self):
        clean = self._create_order() | self._create_order()
        (clean | self.order).action_confirm()
        self.assertEqual((clean | self.order).mapped("state"), ["sale", "sale", "draft"])

    def test_writing_the_state_is_refused(self):
        for user in (self.seller, self.env.user):
            with self.assertRaisesRegex(UserError, self.case.name):
                self.order.with_user(user).write({"state": "sale"})

    def test_a_hold_of_another_step_does_not_hold(self):
        self.case.hold_step = "post"
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_the_end_of_the_case_frees_the_order(self):
        self.case.state = "resolved"
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_a_lifted_hold_frees_the_order(self):
        self._lift()
        self.assertFalse(self.case.is_holding)
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_a_lift_ends_with_a_material_change(self):
        self._lift()
        self.order.order_line.price_unit = 1
        self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(self.case.is_holding)
