from odoo.exceptions import UserError
from odoo.tests import tagged

from .hold_common import StockHoldCommon


@tagged("post_install", "-at_install")
class TestHoldFollow(StockHoldCommon):
    """Goods do not escape the hold of their transfer by moving to another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_ready()
        cls.picking.move_ids.product_uom_qty = 5
        cls.picking.action_assign()

    def _part(self, picking, quantity=2):
        """Validate a part of a transfer, and return the backorder."""
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_user(self.worker).with_context(skip_backorder=True).button_validate()
        return picking.backorder_ids

    def test_goods_are_not_put_into_another_transfer(self):
        case = self._hold(self.picking, "validate")
        moves = self.picking.move_ids
        for user in (self.worker, self.env.ref("base.user_root")):
            for target in (self.other.id, False):
                with self.subTest(user=user.login, target=target):
                    with self._assert_refused(case.name):
                        self._rpc(user, moves, "write", {"picking_id": target})
        self.assertEqual(moves.picking_id, self.picking)
        case.state = "resolved"
        self._rpc(self.worker, moves, "write", {"picking_id": self.other.id})
        self.assertEqual(moves.picking_id, self.other)

    def test_reserved_goods_are_not_put_into_another_transfer(self):
        case = self._hold(self.picking, "validate")
        lines = self.picking.move_line_ids
        for vals in ({"move_id": self.other.move_ids.id}, {"picking_id": self.other.id}):
            with self.subTest(vals), self._assert_refused(case.name):
                self._rpc(self.worker, lines, "write", vals)
        self.assertEqual(lines.picking_id, self.picking)

    def test_what_is_added_is_merged_into_the_held_transfer(self):
        case = self._hold(self.picking, "validate")
        more = self.picking.move_ids.copy({"picking_id": self.picking.id})
        more._action_confirm()
        self.assertEqual(self.picking.move_ids.mapped("product_uom_qty"), [10])
        self._assert_told(self._rpc(self.worker, self.picking, "button_validate"), case)

    def test_what_is_left_of_a_lifted_transfer_is_held_again(self):
        case = self._hold(self.picking, "validate")
        self._lift(case)
        rest = self._part(self.picking)
        self.assertEqual((self.picking.state, rest.move_ids.product_uom_qty), ("done", 3))
        rest.move_ids.write({"quantity": 3, "picked": True})
        self._assert_told(self._rpc(self.worker, rest, "button_validate"), case)
        self.assertNotEqual(rest.state, "done")
        # whoever must not lift it does not end the case either
        with self.assertRaisesRegex(UserError, "what is wrong is still there"):
            case.with_user(self.worker).cancel_case(note="It has left")
        self._lift(case)
        self._rpc(self.worker, rest, "button_validate")
        self.assertEqual(rest.state, "done")

    def test_the_rest_of_the_rest_is_held_as_well(self):
        rest = self._part(self._part(self.picking, 1), 1)
        case = self._hold(self.picking, "validate")
        self._assert_told(self._rpc(self.worker, rest, "button_validate"), case)

    def test_clean_transfers_make_backorders_as_ever(self):
        rest = self._part(self.picking)
        self.assertEqual(rest.move_ids.product_uom_qty, 3)
        rest.move_ids.write({"quantity": 3, "picked": True})
        rest.with_user(self.worker).button_validate()
        self.assertEqual(rest.state, "done")
