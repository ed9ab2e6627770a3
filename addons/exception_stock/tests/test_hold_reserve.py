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
        answer = self._rpc(self.picking, "action_assign")
        self.assertEqual(self.picking.state, "confirmed")
        held = answer["params"]["exception_hold"]["held"]
        self.assertEqual(held[0]["case_ids"], self.case.ids)

    def test_the_scheduler_leaves_it_out(self):
        other = self._create_delivery()
        other.do_unreserve()
        self.env["procurement.group"].run_scheduler()
        self.assertEqual((other.state, self.picking.state), ("assigned", "confirmed"))
        self.assertFalse(self.picking.move_ids.quantity)

    def test_goods_that_arrive_are_kept_for_others(self):
        receipt = self._create_ready("in_type_id")
        receipt.move_ids.move_dest_ids = self.picking.move_ids
        receipt.move_ids.location_dest_id = self.picking.location_id
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        self.assertFalse(self.picking.move_ids.quantity)

    def test_goods_taken_by_hand_do_not_leave(self):
        self.picking.move_ids.quantity = 1
        self._rpc(self.picking, "button_validate")
        self.assertNotEqual(self.picking.state, "done")

    def test_the_end_of_the_case_frees_it(self):
        self.case.state = "resolved"
        self._rpc(self.picking, "action_assign")
        self.assertEqual(self.picking.state, "assigned")
