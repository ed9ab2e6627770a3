from odoo import Command

from odoo.addons.exception_core.tests.common import ExceptionCommon


class PurchaseExceptionCommon(ExceptionCommon):
    """A buyer who is also an agent, one without any group of Exceptions, and an order."""

    @classmethod
    def setUpClass(cls):
        """Make people, product and order."""
        super().setUpClass()
        buyer = "purchase.group_purchase_user"
        cls.buyer = cls._create_user("test_exception_buyer", f"{buyer},exception_core.group_user")
        cls.plain_buyer = cls._create_user("test_exception_plain_buyer", buyer)
        cls.supplier = cls.env["res.partner"].create({"name": "Oak & Sons"})
        cls.product = cls.env["product.product"].create(
            {"name": "Oak board", "standard_price": 40, "type": "consu"}
        )
        cls.order = cls._create_purchase()

    @classmethod
    def _create_purchase(cls, **overrides):
        """Create a request for quotation over ten boards."""
        line = {"product_id": cls.product.id, "product_qty": 10, "price_unit": 40}
        values = {"partner_id": cls.supplier.id, "order_line": [Command.create(line)]}
        return cls.env["purchase.order"].create({**values, **overrides})

    @classmethod
    def _create_purchase_case(cls, order=None, **overrides):
        """Create a case on a purchase order; the test's own one unless told."""
        order = order or cls.order
        return cls._create_case(**{"res_model": "purchase.order", "res_id": order.id, **overrides})
