from odoo.tests import tagged

from .hold_common import StockHoldCommon


@tagged("post_install", "-at_install")
class TestHoldReserve(StockHoldCommon):
    """A transfer that must not be reserved gets no goods by itself, and is not validated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking.do_unreserve()
        cls.case = cls._hold(cls.picking, "reserve", title="No dimensions")

    def test_check_availability_says_what_holds(self):
        answer = self._rpc(self.worker, self.picking, "action_assign")
        self.assertEqual(self.picking.state, "confirmed")
        self._assert_told(answer, self.case)

    def test_the_scheduler_leaves_it_out(self):
        product = self.env["product.product"].create({"name": "Lamp", "type": "product"})
        move = {**self._places(), "name": "Lamp", "product_id": product.id, "product_uom_qty": 1}
        held, clean = (self._create_delivery(move_ids=[(0, 0, move)]) for _index in range(2))
        self._hold(held, "reserve")
        self.env["stock.quant"]._update_available_quantity(product, self.stock, 10)
        self.env["procurement.group"].run_scheduler()
        self.assertEqual((clean.state, held.state), ("assigned", "confirmed"))
        self.assertFalse(held.move_ids.quantity)

    def _places(self):
        picking = self.picking
        return {
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }

    def test_goods_that_arrive_are_kept_for_others(self):
        receipt = self._create_ready("in_type_id")
        receipt.move_ids.move_dest_ids = self.picking.move_ids
        receipt.move_ids.location_dest_id = self.picking.location_id
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        self.assertFalse(self.picking.move_ids.quantity)

    def test_goods_taken_by_hand_do_not_leave(self):
        self.picking.move_ids.quantity = 1
        self._rpc(self.worker, self.picking, "button_validate")
        self.assertNotEqual(self.picking.state, "done")

    def test_the_end_of_the_case_frees_it(self):
        self.case.state = "resolved"
        self._rpc(self.worker, self.picking, "action_assign")
        self.assertEqual(self.picking.state, "assigned")
