from odoo.addons.exception_core.tests.holds import HoldTools

from .common import StockExceptionCommon


class StockHoldCommon(HoldTools, StockExceptionCommon):
    """Transfers that could be validated if nothing held them."""

    @classmethod
    def setUpClass(cls):
        """Put goods on stock, and reserve the delivery."""
        super().setUpClass()
        cls.stock = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.product, cls.stock, 100)
        cls.picking.action_assign()

    @classmethod
    def _create_ready(cls, kind=None, **overrides):
        """Create a transfer of this kind that is ready."""
        places = {
            "in_type_id": ("stock.stock_location_suppliers", None),
            "int_type_id": (None, None),
        }.get(kind)
        if places:
            source = cls.env.ref(places[0]) if places[0] else cls.stock
            shelf = cls.env["stock.location"].create({"name": "A", "location_id": cls.stock.id})
            move = {
                "name": cls.product.name,
                "product_id": cls.product.id,
                "product_uom_qty": 1,
                "location_id": source.id,
                "location_dest_id": shelf.id,
            }
            overrides = {
                "picking_type_id": cls.warehouse[kind].id,
                "location_id": source.id,
                "location_dest_id": shelf.id,
                "move_ids": [(0, 0, move)],
                **overrides,
            }
        picking = cls._create_delivery(**overrides)
        picking.action_assign()
        return picking
