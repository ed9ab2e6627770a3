from datetime import datetime

from odoo.tests import tagged

from .common import StockExceptionCommon

MOMENT = datetime(2030, 1, 2, 10)


@tagged("post_install", "-at_install")
class TestPromise(StockExceptionCommon):
    """A delivery's deadline was promised to the customer; that of a receipt to us."""

    def test_the_case_knows_the_deadline_of_a_delivery(self):
        self.picking.move_ids.date_deadline = MOMENT
        values = {"res_model": "stock.picking", "res_id": self.picking.id}
        self.assertEqual(self._create_case(**values).promised_at, MOMENT)

    def test_the_deadline_of_a_receipt_is_not_ours(self):
        receipt = self._create_delivery(picking_type_id=self.warehouse.in_type_id.id)
        receipt.move_ids.date_deadline = MOMENT
        case = self._create_case(res_model="stock.picking", res_id=receipt.id)
        self.assertFalse(case.promised_at)
