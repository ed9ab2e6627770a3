from odoo import Command
from odoo.tests import tagged

from odoo.addons.exception_core.tests.holds import HoldTools

from .common import PurchaseExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldConfirm(HoldTools, PurchaseExceptionCommon):
    """A held purchase order is not confirmed, whoever tries it and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._hold(cls.order, "confirm", title="Price above the contract")
        cls.chief = cls._create_user("test_exception_chief", "purchase.group_purchase_manager")

    def test_rpc_is_told_what_holds(self):
        answer = self._rpc(self.buyer, self.order, "button_confirm")
        self._assert_told(answer, self.case)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.case.hold_refused_by, self.buyer)

    def test_the_clean_of_a_batch_go_on(self):
        clean = self._create_purchase() | self._create_purchase()
        answer = self._rpc(self.buyer, clean | self.order, "button_confirm")
        self.assertEqual(set(clean.mapped("state")), {"purchase"})
        self.assertEqual(self.order.state, "draft")
        self._assert_told(answer, self.case, done=clean)

    def test_a_held_order_receives_nothing(self):
        self._rpc(self.buyer, self.order, "button_confirm")
        if "picking_ids" in self.order._fields:
            self.assertFalse(self.order.picking_ids)
        self.assertFalse(self.product.seller_ids)

    def test_approving_is_held(self):
        self.env.company.po_double_validation = "two_step"
        self.env.company.po_double_validation_amount = 1
        order = self._create_purchase()
        self._rpc(self.buyer, order, "button_confirm")
        self.assertEqual(order.state, "to approve")
        case = self._hold(order, "confirm")
        for method in ("button_approve", "button_confirm"):
            self._rpc(self.chief, order, method)
            self.assertEqual(order.state, "to approve")
        self._rpc(self.chief, order, "button_approve", force=True)
        self.assertEqual(order.state, "to approve")
        case.state = "resolved"
        order.with_user(self.chief)._exception_do("confirm")
        self.assertEqual(order.state, "purchase")

    def test_writing_the_state_is_refused(self):
        for state in ("purchase", "done"):
            for user in (self.buyer, self.env.ref("base.user_root")):
                with self._assert_refused(self.case.name):
                    self._rpc(user, self.order, "write", {"state": state})

    def test_locking_is_refused(self):
        with self._assert_refused(self.case.name):
            self._rpc(self.buyer, self.order, "button_done")
        with self._assert_refused(self.case.name):
            self._rpc(self.chief, self.order, "button_unlock")

    def test_confirmed_orders_are_locked_and_unlocked_as_ever(self):
        order = self._create_purchase()
        order.button_confirm()
        self._hold(order, "confirm")
        order.button_done()
        order.button_unlock()
        self.assertEqual(order.state, "purchase")

    def test_import_is_refused(self):
        orders = self.env["purchase.order"].with_user(self.buyer)
        result = orders.load([".id", "state"], [[str(self.order.id), "purchase"]])
        self.assertFalse(result["ids"])
        self.assertIn(self.case.name, result["messages"][0]["message"])

    def test_order_born_confirmed_is_checked(self):
        detector = self._holding_detector(
            "purchase.order", "[('partner_ref', '=', 'BAD')]", "confirm"
        )
        values = {
            "partner_id": self.supplier.id,
            "partner_ref": "BAD",
            "state": "purchase",
            "order_line": [Command.create({"product_id": self.product.id, "product_qty": 1})],
        }
        with self._assert_refused(detector.type_id.name):
            self.env["purchase.order"].with_user(self.buyer).create(values)
        self.env["purchase.order"].with_user(self.buyer).create({**values, "partner_ref": "GOOD"})

    def test_what_is_found_during_the_step_holds(self):
        domain = "[('amount_total', '>', 5000), ('state', '=', 'purchase')]"
        self._holding_detector("purchase.order", domain, "confirm")
        clean, dear = self._create_purchase(), self._create_purchase()
        dear.order_line.price_unit = 1000
        with self.trap_cases() as trap:
            self._rpc(self.buyer, clean | dear, "button_confirm")
        trap.assert_opened(1, record=dear)
        self.assertEqual((clean.state, dear.state), ("purchase", "draft"))
        dear.order_line.price_unit = 10
        self._rpc(self.buyer, dear, "button_confirm")
        self.assertEqual(dear.state, "purchase")

    def test_a_lift_ends_with_what_is_material(self):
        changes = {
            "vendor": lambda order: order.write({"partner_id": self.partner.id}),
            "quantity": lambda order: order.order_line.write({"product_qty": 11}),
            "price": lambda order: order.order_line.write({"price_unit": 41}),
            "discount": lambda order: order.order_line.write({"discount": 5}),
            "taxes": lambda order: order.order_line.write({"taxes_id": [(5,)]}),
            "line": lambda order: order.order_line.copy({"order_id": order.id}),
        }
        tax = self.env["account.tax"].create({"name": "Tax", "type_tax_use": "purchase"})
        for name, change in changes.items():
            with self.subTest(change=name):
                order = self._create_purchase()
                order.order_line.taxes_id = tax
                case = self._hold(order, "confirm")
                self._lift(case)
                self.assertFalse(order._exception_holds("confirm"))
                change(order)
                self.assertEqual(order._exception_holds("confirm"), case)

    def _confirm(self):
        order = self._create_purchase()
        count = self._count_statements(order.with_user(self.buyer).button_confirm)
        self.assertEqual(order.state, "purchase")
        return count

    def test_a_clean_order_costs_a_few_statements_more(self):
        self._confirm()
        guarded = self._confirm()
        self._free("purchase.order")
        self.assertLessEqual(guarded - self._confirm(), 3)
