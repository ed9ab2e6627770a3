from odoo.tests import tagged

from odoo.addons.exception_core.tests.holds import HoldTools

from .common import PurchaseExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldScheduler(HoldTools, PurchaseExceptionCommon):
    """Reordering goes on while a request for quotation is held, and does not confirm it."""

    def setUp(self):
        super().setUp()
        if "stock.warehouse.orderpoint" not in self.env:
            self.skipTest("Reordering rules come with Inventory")

    def _reorder(self):
        """Return the request for quotation that the scheduler made for a reordering rule."""
        product = self.env["product.product"].create(
            {
                "name": "Oak board, planed",
                "type": "product",
                "seller_ids": [(0, 0, {"partner_id": self.supplier.id, "price": 40})],
            }
        )
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": product.id, "product_min_qty": 5, "product_max_qty": 5}
        )
        self.env["procurement.group"].run_scheduler()
        line = self.env["purchase.order.line"].search([("product_id", "=", product.id)])
        self.assertEqual(line.product_qty, 5)
        return line.order_id, rule

    def test_a_request_from_reordering_is_held_and_grows(self):
        order, rule = self._reorder()
        self._hold(order, "confirm")
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "draft")
        rule.product_max_qty = rule.product_min_qty = 8
        self.env["procurement.group"].run_scheduler()
        self.assertEqual(order.order_line.product_qty, 8)
        self.assertEqual(order.state, "draft")

    def test_a_detector_does_not_stop_reordering(self):
        domain = f"[('partner_id', '=', {self.supplier.id})]"
        self._holding_detector("purchase.order", domain, "confirm")
        order, _rule = self._reorder()
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "draft")
