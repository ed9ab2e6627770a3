from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldPut(SaleExceptionCommon):
    """“Put on hold” in the menu of documents: a case by hand, whose hold stops the step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suspicion = cls.env.ref("exception_core.reason_hold_suspicion")

    def _dialog(self, orders=None, user=None):
        action = (orders or self.order).with_user(user or self.seller).action_put_on_hold()
        dialogs = self.env["exception.hold.put"].with_user(user or self.seller)
        form = Form(dialogs.with_context(**action["context"]))
        form.reason_id = self.suspicion
        return form

    def test_a_case_of_ones_own_holds_the_step(self):
        form = self._dialog()
        self.assertEqual(form.step, "confirm")
        self.assertIn(self.order.name, form.records)
        form.note = "The address is a parking lot"
        with self.trap_cases() as trap:
            form.save().action_apply()
        case = trap.assert_opened(1, record=self.order, type_code="held_by_hand")
        self.assertEqual((case.title, case.partner_id), ("Suspicion of fraud", self.partner))
        self.assertEqual(case.amount, self.order.amount_total)
        self.assertTrue(case.team_id)
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        # whoever has no right to lift it ends it by saying that it is put right
        self.assertTrue(case.is_holding)

    def test_many_at_once_and_what_is_past_the_step_is_left(self):
        orders = self.order | self._create_order() | self._create_order()
        orders[2].action_confirm()
        form = self._dialog(orders)
        with self.trap_cases() as trap:
            answer = form.save().action_apply()
        cases = trap.assert_opened(2, type_code="held_by_hand")
        self.assertEqual(set(cases.mapped("res_id")), set(orders[:2].ids))
        self.assertIn(orders[2].name, answer["params"]["message"])
        orders[:2].with_user(self.seller).action_confirm()
        self.assertEqual(orders.mapped("state"), ["draft", "draft", "sale"])

    def test_a_step_that_is_behind_holds_nothing(self):
        self.order.action_confirm()
        form = self._dialog()
        form.step = "confirm"
        with self.trap_cases() as trap, self.assertRaisesRegex(UserError, "Nothing was held"):
            form.save().action_apply()
        trap.assert_opened(0, type_code="held_by_hand")

    def test_by_whoever_works_on_exceptions_and_sees_the_document(self):
        with self.assertRaises(AccessError):
            self._dialog(user=self.plain_seller)
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_agent).action_put_on_hold()
        # an id of a document that one must not see, given to the dialog
        dialogs = self.env["exception.hold.put"].with_user(self.user_agent)
        context = {"exception_records": ["sale.order", self.order.ids]}
        with self.assertRaises(AccessError):
            dialogs.with_context(**context).create(
                {"step": "confirm", "reason_id": self.suspicion.id}
            ).action_apply()
        self.assertFalse(self.order._exception_holds("confirm"))
