from odoo.tests import tagged

from odoo.addons.exception_core.tests.common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestDimension(ExceptionCommon):
    """The carrier reaches the case from a hit."""

    def test_hit_fills_the_carrier(self):
        product = self.env["product.product"].create({"name": "Van", "type": "service"})
        carrier = self.env["delivery.carrier"].create({"name": "Van", "product_id": product.id})
        hit = {
            "type_id": self.case_type.id,
            "res_model": "res.partner",
            "res_id": self.partner.id,
            "company_id": self.env.company.id,
            "carrier_id": carrier.id,
        }
        case = self.env["exception.case"]._open_batch([hit])
        self.assertEqual(case.carrier_id, carrier)
