from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class StockQuant(models.Model):
    """Counted quantities show their open exceptions, and are not applied while one holds them."""

    _name = "stock.quant"
    _inherit = ["stock.quant", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "adjust": GuardedStep(methods=("action_apply_inventory",)),
        }

    @api.model
    def _exception_material_paths(self):
        """What was counted where, and how much it differs."""
        return [
            *super()._exception_material_paths(),
            "product_id",
            "location_id",
            "lot_id",
            "package_id",
            "owner_id",
            "inventory_quantity",
            "inventory_diff_quantity",
            "company_id",
        ]

    def _apply_inventory(self):
        """Refuse for held quantities, before anything moves."""
        self._exception_backstop("adjust")
        with self._exception_passing("adjust"):
            return super()._apply_inventory()

    def _set_inventory_quantity(self):
        """Refuse to overwrite held quantities: who types a number is not told of what stayed."""
        if self._is_inventory_mode():
            self.filtered(
                lambda quant: quant.quantity != quant.inventory_quantity_auto_apply
            )._exception_backstop("adjust")
        return super()._set_inventory_quantity()
