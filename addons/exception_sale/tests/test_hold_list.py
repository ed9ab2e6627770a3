from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldList(SaleExceptionCommon, HttpCase):
    """“Confirm” in the menu of the list: the clean go on, the held stay and are listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("exception_sale.sale_order_action_confirm_many")
        cls.case = cls._create_order_case(hold_step="confirm", title="Price below cost")
        cls.orders = cls.order | cls._create_order() | cls._create_order()

    def _choose(self, orders, user):
        """Choose the action for these rows, as the web client does."""
        self.authenticate(user.login, user.login)
        context = {"active_model": "sale.order", "active_ids": orders.ids}
        return self.make_jsonrpc_request(
            "/web/action/run", {"action_id": self.action.id, "context": context}
        )

    def test_the_clean_go_on_and_the_held_are_listed_with_their_case(self):
        answer = self._choose(self.orders, self.seller)
        self.assertEqual(self.orders.mapped("state"), ["draft", "sale", "sale"])
        self.assertEqual(answer["res_model"], "exception.hold.dialog")
        self.assertEqual(answer["name"], "1 of 3 are on hold")
        line = self.env["exception.hold.dialog"].browse(answer["res_id"]).line_ids
        self.assertEqual((line.record_name, line.case_id), (self.order.name, self.case))
        opened = line.with_user(self.seller).action_open_case()
        self.assertEqual(opened["res_id"], self.case.id)

    def test_clean_ones_and_what_is_confirmed_already(self):
        self.orders[1].action_confirm()
        answer = self._choose(self.orders[1:], self.seller)
        self.assertEqual(self.orders[2].state, "sale")
        self.assertIn("1 confirmed", answer["params"]["message"])
        with self.assertRaisesRegex(UserError, "None of these"):
            self.orders[1:].with_user(self.seller).action_confirm_many()

    def test_for_whoever_may_confirm_one(self):
        context = {"active_model": "sale.order", "active_ids": self.orders.ids}
        for user in (self.user_manager, self.user_outsider):
            with self.assertRaises(AccessError):
                self.action.with_user(user).with_context(**context).run()
            with self.assertRaises(AccessError):
                self.orders.with_user(user).action_confirm_many()
        self.assertEqual(set(self.orders.mapped("state")), {"draft"})
