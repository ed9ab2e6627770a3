from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, EcommerceCommon

SHIPPED = {
    "payment_mismatch": "confirm",
    "order_duplicate": "confirm",
    "order_without_lines": "confirm",
    "data_missing_dimensions": "reserve",
}


@tagged("post_install", "-at_install")
class TestHoldShipped(EcommerceCommon):
    """What holds as the addon is installed, and the proper way on from each hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stored = cls._create_product("Stored", detailed_type="product")
        cls.warehouse = cls.env["stock.warehouse"].search([], limit=1)
        stock = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.stored, stock, 100)

    @classmethod
    def _let_pass(cls):
        """Leave the detectors as they are installed, to begin with."""
        detectors = cls.env["exception.detector"].search([("holds", "=", True)])
        cls.found = {one.code: one.hold_step for one in detectors if one.code in SHIPPED}
        cls.relaxable = set(detectors.filtered(lambda one: not one.never_relaxed).mapped("code"))

    def _held(self, order, code, step="confirm"):
        """Assert that one case of the detector holds the order, and return it."""
        case = order._exception_holds(step)
        self.assertEqual(case.mapped("detector_id.code"), [code])
        return case

    def _confirm(self, order):
        with freeze_time(NOW):
            answer = order.action_confirm()
            self.env.flush_all()
        return answer

    def test_what_is_installed(self):
        self.assertEqual(self.found, SHIPPED)
        money = {"payment_mismatch", "cancelled_after_payment"}
        self.assertFalse(money & self.relaxable, "money is not relaxed in peak mode")
        self.assertIn("order_duplicate", self.relaxable)
        out = self._detector("cancelled_after_payment")
        self.assertTrue(out.never_relaxed)

    def test_an_order_without_lines_is_held_until_it_has_some(self):
        order = self._order(confirm=False)
        answer = self._confirm(order)
        self.assertEqual(order.state, "draft")
        self.assertEqual(answer["params"]["exception_hold"]["held"][0]["id"], order.id)
        case = self._held(order, "order_without_lines")
        order.order_line = [Command.create({"product_id": self.goods.id})]
        self._confirm(order)
        self.assertEqual((order.state, case.outcome), ("sale", "cleared"))

    def test_the_second_of_two_equal_orders_is_held_until_the_first_is_gone(self):
        first = self._order(self.goods)
        second = self._order(self.goods, confirm=False)
        self._confirm(second)
        self.assertEqual((first.state, second.state), ("sale", "draft"))
        case = self._held(second, "order_duplicate")
        first._action_cancel()
        self._confirm(second)
        self.assertEqual((second.state, case.outcome), ("sale", "cleared"))

    def test_writing_the_state_does_not_walk_round(self):
        self._order(self.goods)
        second = self._order(self.goods, confirm=False)
        with freeze_time(NOW), self.assertRaisesRegex(UserError, "on hold"):
            second.write({"state": "sale"})

    def test_too_much_money_holds_until_it_is_given_back(self):
        order = self._order(self.goods, confirm=False)
        payment = self._pay(order, amount=70)
        self._confirm(order)
        self.assertEqual(order.state, "draft")
        case = self._held(order, "payment_mismatch")
        self.assertAlmostEqual(case.amount, 20)
        self._refund(payment, 20)
        self._confirm(order)
        self.assertEqual((order.state, case.outcome), ("sale", "cleared"))

    def test_a_manager_lifts_what_is_wrong_with_good_reason(self):
        self._order(self.goods)
        order = self._order(self.goods, confirm=False)
        self._confirm(order)
        case = self._held(order, "order_duplicate")
        reason = self.env["exception.reason"].search([("kind", "=", "override")], limit=1)
        case.with_user(self.user_manager).lift_hold(reason.id, "They want two.")
        self._confirm(order)
        self.assertEqual((order.state, case.is_open), ("sale", True))

    def test_goods_of_unknown_weight_are_not_reserved(self):
        self.stored.weight = 0
        order = self._order(self.stored, confirm=False)
        self._confirm(order)
        picking = order.picking_ids
        self.assertEqual((order.state, picking.state), ("sale", "confirmed"))
        self._held(order, "data_missing_dimensions", "reserve")
        with freeze_time(NOW):
            picking.action_assign()
        self.assertFalse(picking.move_ids.quantity)
        picking.move_ids.write({"quantity": 1, "picked": True})
        with freeze_time(NOW), self.assertRaises(UserError):
            picking._action_done()

    def test_goods_go_on_once_they_were_weighed(self):
        self.stored.weight = 0
        order = self._order(self.stored, confirm=False)
        self._confirm(order)
        case = self._held(order, "data_missing_dimensions", "reserve")
        self.stored.weight = 2
        self.env.flush_all()
        with freeze_time(NOW):
            order.picking_ids.action_assign()
        self.assertEqual((order.picking_ids.state, case.outcome), ("assigned", "cleared"))

    def test_a_clean_order_goes_on(self):
        order = self._order(self.stored, confirm=False)
        payment = self._pay(order)
        payment._check_amount_and_confirm_order()
        self.assertEqual((order.state, order.picking_ids.state), ("sale", "assigned"))
