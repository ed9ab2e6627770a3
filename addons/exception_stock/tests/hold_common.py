from odoo.api import call_kw

from .common import StockExceptionCommon


class StockHoldCommon(StockExceptionCommon):
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

    @classmethod
    def _hold(cls, record, step, **overrides):
        """Create a case that holds a record from a step."""
        return cls._create_case(
            **{"res_model": record._name, "res_id": record.id, "hold_step": step, **overrides}
        )

    def _rpc(self, record, method, *args, user=None, **kwargs):
        """Call a method as a program does that logged in as the worker."""
        model = self.env[record._name].with_user(user or self.worker)
        return call_kw(model, method, [record.ids, *args], kwargs)

    def _free(self, *models):
        """Let everything pass, as if nothing were guarded."""
        for model in models:
            cls = type(self.env[model])
            self.patch(cls, "_exception_split", lambda self, step: (self, self.browse()))
