from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.exception_core.tests.common import ExceptionCommon
from odoo.addons.exception_core.tests.holds import HoldTools


@tagged("post_install", "-at_install")
class TestHoldGoods(HoldTools, ExceptionCommon):
    """A hold on an order holds the goods of the order, although the order is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_pass()
        cls.product = cls.env["product.product"].create({"name": "Lamp", "type": "product"})
        cls.warehouse = cls.env["stock.warehouse"].search([], limit=1)
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, cls.warehouse.lot_stock_id, 100
        )
        cls.order = cls._create_order()

    @classmethod
    def _create_order(cls):
        line = {"product_id": cls.product.id, "product_uom_qty": 2}
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [Command.create(line)],
            }
        )

    def test_held_goods_are_not_reserved_when_the_order_is_confirmed(self):
        case = self._hold(self.order, "reserve", title="No dimensions")
        self.order.action_confirm()
        picking = self.order.picking_ids
        self.assertEqual((self.order.state, picking.state), ("sale", "confirmed"))
        self._assert_told(picking.action_assign(), case)
        self.order.order_line.product_uom_qty = 5
        self.assertFalse(picking.move_ids.quantity)
        case.state = "resolved"
        picking.action_assign()
        self.assertEqual(picking.state, "assigned")

    def test_held_goods_are_not_sent(self):
        self.order.action_confirm()
        picking = self.order.picking_ids
        case = self._hold(self.order, "validate", title="Fraud suspected")
        clean = self._create_order()
        clean.action_confirm()
        answer = (picking | clean.picking_ids).button_validate()
        self._assert_told(answer, case, done=clean.picking_ids)
        self.assertEqual(picking.state, "assigned")
        picking.move_ids.picked = True
        with self.assertRaises(UserError):
            picking.move_ids._action_done()

    def test_a_detector_on_orders_holds_their_goods(self):
        domain = "[('client_order_ref', '=', 'BAD')]"
        self._holding_detector("sale.order", domain, "reserve")
        self.order.client_order_ref = "BAD"
        self.order.action_confirm()
        self.assertEqual(self.order.picking_ids.state, "confirmed")
        self.order.client_order_ref = "GOOD"
        self.order.picking_ids.action_assign()
        self.assertEqual(self.order.picking_ids.state, "assigned")

    def test_a_detector_on_confirmed_orders_holds_them_from_the_first_reservation(self):
        domain = "[('state', '=', 'sale'), ('client_order_ref', '=', 'BAD')]"
        self._holding_detector("sale.order", domain, "reserve")
        self.order.client_order_ref = "BAD"
        self.order.action_confirm()
        picking = self.order.picking_ids
        self.assertEqual((self.order.state, picking.state), ("sale", "confirmed"))
        self.order.client_order_ref = "GOOD"
        picking.action_assign()
        self.assertEqual(picking.state, "assigned")

    def test_somebody_holds_the_goods_of_an_order(self):
        self.order.action_confirm()
        case = self._create_case(res_model="sale.order", res_id=self.order.id)
        reason = self._create_reason(kind="hold")
        case.with_user(self.user_manager).put_on_hold("validate", reason.id)
        self.order.picking_ids.button_validate()
        self.assertEqual(self.order.picking_ids.state, "assigned")
