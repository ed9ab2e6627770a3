from odoo.tests import tagged

from .common import StockExceptionCommon


@tagged("post_install", "-at_install")
class TestDimension(StockExceptionCommon):
    """The warehouse reaches the case from a hit, and cases are found by it."""

    def test_hit_fills_the_warehouse(self):
        hit = {
            "type_id": self.case_type.id,
            "res_model": "stock.picking",
            "res_id": self.picking.id,
            "company_id": self.picking.company_id.id,
            "warehouse_id": self.warehouse.id,
        }
        case = self.env["exception.case"]._open_batch([hit])
        self.assertEqual(case.warehouse_id, self.warehouse)
        found = self.env["exception.case"].search([("warehouse_id", "=", self.warehouse.id)])
        self.assertIn(case, found)

    def test_agent_sets_the_warehouse_by_hand(self):
        case = self._create_picking_case()
        case.with_user(self.user_agent).write({"warehouse_id": self.warehouse.id})
        self.assertEqual(case.warehouse_id, self.warehouse)
