from odoo import Command

from odoo.addons.exception_core.tests.common import ExceptionCommon


class SaleExceptionCommon(ExceptionCommon):
    """A salesperson who is also an agent, one without any group of Exceptions, and an order."""

    @classmethod
    def setUpClass(cls):
        """Make people, product and order."""
        super().setUpClass()
        cls._let_pass()
        sales = "sales_team.group_sale_salesman_all_leads"
        agent = f"{sales},exception_core.group_user"
        cls.seller = cls._create_user("test_exception_seller", agent)
        cls.plain_seller = cls._create_user("test_exception_plain_seller", sales)
        cls.product = cls.env["product.product"].create({"name": "Oak table", "list_price": 900})
        cls.order = cls._create_order()

    @classmethod
    def _create_order(cls, **overrides):
        """Create a quotation over one table."""
        values = {
            "partner_id": cls.partner.id,
            "order_line": [Command.create({"product_id": cls.product.id})],
        }
        return cls.env["sale.order"].create({**values, **overrides})

    @classmethod
    def _create_order_case(cls, order=None, **overrides):
        """Create a case on an order; the test's own one unless told."""
        order = order or cls.order
        values = {"res_model": "sale.order", "res_id": order.id, "company_id": order.company_id.id}
        return cls._create_case(**{**values, **overrides})
