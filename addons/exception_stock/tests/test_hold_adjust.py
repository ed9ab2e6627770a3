from odoo.tests import tagged

from .hold_common import StockHoldCommon


@tagged("post_install", "-at_install")
class TestHoldAdjust(StockHoldCommon):
    """A held count is not applied, and a held scrap order takes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("test_exception_keeper", "stock.group_stock_manager")
        cls.quant = cls._count(cls.product, 7)
        cls.case = cls._hold(cls.quant, "adjust", title="Count differs by 93")

    @classmethod
    def _count(cls, product, quantity):
        quants = cls.env["stock.quant"]
        quant = quants.search([("product_id", "=", product.id), ("location_id", "=", cls.stock.id)])
        quant = quant or quants.create({"product_id": product.id, "location_id": cls.stock.id})
        quant.inventory_quantity = quantity
        return quant

    def _other(self):
        product = self.env["product.product"].create({"name": "Lamp", "type": "product"})
        return self._count(product, 5)

    def test_apply_leaves_the_held_count_and_says_so(self):
        other = self._other()
        answer = self._rpc(self.keeper, self.quant | other, "action_apply_inventory")
        self.assertEqual((self.quant.quantity, other.quantity), (100, 5))
        held = answer["params"]["exception_hold"]["held"]
        self.assertEqual([row["id"] for row in held], self.quant.ids)
        self.assertTrue(self.quant.inventory_quantity_set)

    def test_the_dialog_for_a_reason_leaves_it_as_well(self):
        other = self._other()
        quants = [(6, 0, (self.quant | other).ids)]
        wizard = self.env["stock.inventory.adjustment.name"].with_user(self.keeper)
        answer = wizard.create({"quant_ids": quants}).action_apply()
        self.assertEqual((self.quant.quantity, other.quantity), (100, 5))
        self.assertIn("exception_hold", answer["params"])

    def test_code_that_applies_is_refused(self):
        with self._assert_refused(self.case.name):
            self.quant.with_user(self.keeper)._apply_inventory()

    def test_typing_the_quantity_is_refused(self):
        quant = self.quant.with_user(self.keeper).with_context(inventory_mode=True)
        with self._assert_refused(self.case.name):
            quant.write({"inventory_quantity_auto_apply": 7})
        with self._assert_refused(self.case.name):
            quant.create(
                {
                    "product_id": self.product.id,
                    "location_id": self.stock.id,
                    "inventory_quantity_auto_apply": 7,
                }
            )

    def test_taking_an_adjustment_back_is_refused(self):
        self.case.state = "resolved"
        self.quant.action_apply_inventory()
        self.assertEqual(self.quant.quantity, 7)
        case = self._hold(self.quant, "adjust")
        lines = self.env["stock.move.line"].search(
            [("product_id", "=", self.product.id), ("is_inventory", "=", True)]
        )
        with self._assert_refused(case.name):
            self._rpc(self.keeper, lines, "action_revert_inventory")
        case.state = "resolved"
        self._rpc(self.keeper, lines, "action_revert_inventory")
        self.assertEqual(self.quant.quantity, 100)

    def test_a_lift_covers_the_count_as_it_was(self):
        self._lift(self.case)
        self.quant.inventory_quantity = 3
        self._rpc(self.keeper, self.quant, "action_apply_inventory")
        self.assertEqual(self.quant.quantity, 100)
        self.quant.inventory_quantity = 7
        self._lift(self.case)
        self._rpc(self.keeper, self.quant, "action_apply_inventory")
        self.assertEqual(self.quant.quantity, 7)

    # ------------------------------------------------------------------
    # scrap
    # ------------------------------------------------------------------

    def _scrap(self, quantity=2):
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.product.id, "scrap_qty": quantity, "location_id": self.stock.id}
        )
        return scrap, self._hold(scrap, "scrap")

    def test_scrap_is_held(self):
        scrap, case = self._scrap()
        answer = self._rpc(self.worker, scrap, "action_validate")
        self.assertEqual((scrap.state, self.quant.quantity), ("draft", 100))
        self._assert_told(answer, case)

    def test_other_ways_to_scrap_are_refused(self):
        scrap, case = self._scrap()
        dialog = self.env["stock.warn.insufficient.qty.scrap"].create(
            {
                "scrap_id": scrap.id,
                "product_id": self.product.id,
                "location_id": self.stock.id,
                "quantity": 2,
                "product_uom_name": "Units",
            }
        )
        with self._assert_refused(case.name):
            self._rpc(self.worker, scrap, "do_scrap")
        with self._assert_refused(case.name):
            dialog.with_user(self.worker).action_done()
        with self._assert_refused(case.name):
            self._rpc(self.worker, scrap, "write", {"state": "done"})
        case.state = "resolved"
        self._rpc(self.worker, scrap, "action_validate")
        self.assertEqual((scrap.state, self.quant.quantity), ("done", 98))
