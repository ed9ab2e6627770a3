from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import NOW
from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestWaysOut(MoneyCommon):
    """Ways out with figures from the stock, the receipts and the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stored = cls._create_product("Stored", detailed_type="product")
        cls.house = cls.env["stock.warehouse"].search([], limit=1)
        cls.other = cls.env["stock.warehouse"].create({"name": "North", "code": "NOR"})

    def _stock(self, warehouse, quantity):
        place = warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.stored, place, quantity)

    def _case(self, quantity=3):
        order = self._order(
            self.stored,
            quantity=quantity,
            ago=timedelta(days=9),
            warehouse_id=self.house.id,
        )
        self._pay(order, ago=timedelta(days=8))
        return order, self._found("paid_not_shipped", order)

    def _ways(self, case):
        options = self.env["exception.option"].browse(
            case.with_user(self.user_agent).propose_options()["options"]
        )
        return {one.key: one for one in options}

    def _receipt(self, quantity, days):
        kind = self.house.in_type_id
        places = {
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": self.house.lot_stock_id.id,
        }
        when = NOW + timedelta(days=days)
        move = {
            "name": "In",
            "product_id": self.stored.id,
            "product_uom_qty": quantity,
            "date": when,
            **places,
        }
        values = {"picking_type_id": kind.id, "move_ids": [Command.create(move)], **places}
        picking = self.env["stock.picking"].create(values)
        picking.action_confirm()
        picking.scheduled_date = when

    def test_a_part_is_there(self):
        self._stock(self.house, 1)
        order, case = self._case()
        self._receipt(1, 3)
        self._receipt(9, 6)
        ways = self._ways(case)
        self.assertEqual(set(ways), {"ship_now", "await_receipt", "cancel_refund"})
        self.assertIn("1 × Stored", ways["ship_now"].note)
        self.assertEqual(ways["await_receipt"].delay_days, 6)
        self.assertEqual(ways["cancel_refund"].values["amount"], order.amount_total)
        ways["ship_now"].with_user(self.user_agent).choose()
        self.assertEqual(order.picking_ids.move_ids.quantity, 1)
        self.assertEqual(order.picking_policy, "direct")

    def test_who_came_first_gets_the_first_receipt(self):
        self._case(4)
        _order, case = self._case()
        case.env["sale.order"].browse(case.res_id).picking_ids.scheduled_date = NOW
        self._receipt(4, 2)
        self._receipt(3, 5)
        self.assertEqual(self._ways(case)["await_receipt"].delay_days, 5)

    def test_no_receipt_no_promise(self):
        _order, case = self._case()
        self._receipt(2, 2)
        self.assertEqual(set(self._ways(case)), {"cancel_refund"})

    def test_waiting_promises_the_day_and_can_be_taken_back(self):
        order, case = self._case()
        self._receipt(3, 4)
        way = self._ways(case)["await_receipt"]
        way.with_user(self.user_agent).choose()
        day = fields.Date.to_date(NOW) + timedelta(days=4)
        self.assertEqual(order.commitment_date.date(), day)
        way.run_id.with_user(self.user_agent).undo("Too late for them.")
        self.assertFalse(order.commitment_date)

    def test_another_warehouse_has_all_of_it(self):
        self._stock(self.other, 3)
        order, case = self._case()
        old = order.picking_ids
        way = self._ways(case)[f"ship_from/{self.other.id}"]
        self.assertEqual(way.needs, [["stock", "North"]])
        way.with_user(self.user_agent).choose()
        self.assertEqual(way.run_state, "done", way.run_id.error)
        new = order.picking_ids - old
        self.assertEqual((old.state, new.state), ("cancel", "assigned"))
        self.assertEqual(new.picking_type_id.warehouse_id, self.other)
        self.assertEqual(new.move_ids.product_uom_qty, 3)

    def test_cancel_and_give_back(self):
        order, case = self._case()
        way = self._ways(case)["cancel_refund"]
        way.with_user(self.user_agent).choose()
        self.assertEqual((order.state, way.run_state), ("sale", "approval"))
        self._approve(way.run_id, case.team_id.lead_id)
        way.run_id._execute()
        self.assertEqual((way.run_state, order.state), ("done", "cancel"), way.run_id.error)
        self.assertEqual(order.transaction_ids.child_transaction_ids.amount, -order.amount_total)

    def test_other_cases_have_no_such_ways(self):
        order = self._order(self.goods)
        self._pay(order, amount=70)
        case = self._found("payment_mismatch", order)
        self.assertFalse(case._option_providers())
