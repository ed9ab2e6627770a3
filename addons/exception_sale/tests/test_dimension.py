from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestDimension(SaleExceptionCommon):
    """The product reaches the case from a hit, and cases are found and grouped by it."""

    def _open(self, **hit):
        values = {
            "type_id": self.case_type.id,
            "res_model": "sale.order",
            "res_id": self.order.id,
            "company_id": self.order.company_id.id,
        }
        return self.env["exception.case"]._open_batch([{**values, **hit}])

    def test_hit_fills_the_product(self):
        self.assertEqual(self._open(product_id=self.product.id).product_id, self.product)

    def test_hit_without_product_is_no_error(self):
        self.assertFalse(self._open(product_id=None).product_id)

    def test_cases_are_grouped_by_product(self):
        self._open(product_id=self.product.id)
        groups = self.env["exception.case"]._read_group(
            [("product_id", "=", self.product.id)], ["product_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.product, 1)])

    def test_deleted_product_leaves_the_case(self):
        product = self.env["product.product"].create({"name": "Sample"})
        case = self._open(product_id=product.id)
        product.unlink()
        self.assertTrue(case.exists())
        self.assertFalse(case.product_id)
