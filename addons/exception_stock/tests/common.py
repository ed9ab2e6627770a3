from odoo import Command

from odoo.addons.exception_core.tests.common import ExceptionCommon


class StockExceptionCommon(ExceptionCommon):
    """A warehouse worker who is also an agent, one who is not, and a delivery."""

    @classmethod
    def setUpClass(cls):
        """Make people, product and delivery."""
        super().setUpClass()
        worker = "stock.group_stock_user"
        cls.worker = cls._create_user(
            "test_exception_worker", f"{worker},exception_core.group_user"
        )
        cls.plain_worker = cls._create_user("test_exception_plain_worker", worker)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Oak table", "type": "product", "weight": 20.0}
        )
        cls.picking = cls._create_delivery()

    @classmethod
    def _create_delivery(cls, **overrides):
        """Create a delivery of one table, to do."""
        kind = cls.warehouse.out_type_id
        places = {
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
        }
        move = {
            "name": cls.product.name,
            "product_id": cls.product.id,
            "product_uom_qty": 1,
            **places,
        }
        values = {
            "picking_type_id": kind.id,
            "partner_id": cls.partner.id,
            "move_ids": [Command.create(move)],
            **places,
        }
        picking = cls.env["stock.picking"].create({**values, **overrides})
        picking.action_confirm()
        return picking

    @classmethod
    def _create_picking_case(cls, picking=None, **overrides):
        """Create a case on a transfer; the test's own one unless told."""
        picking = picking or cls.picking
        return cls._create_case(**{"res_model": "stock.picking", "res_id": picking.id, **overrides})
