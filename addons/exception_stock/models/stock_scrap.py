from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class StockScrap(models.Model):
    """Scrap orders show their open exceptions, and wait while one holds them."""

    _name = "stock.scrap"
    _inherit = ["stock.scrap", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "scrap": GuardedStep(
                methods=("action_validate",), field="state", before=("draft",), after=("done",)
            ),
        }

    def do_scrap(self):
        """Refuse for held scrap orders, before anything moves."""
        self._exception_backstop("scrap")
        with self._exception_passing("scrap"):
            return super().do_scrap()

    @api.model
    def _exception_material_paths(self):
        """What is scrapped, how much of it, from where."""
        return [
            *super()._exception_material_paths(),
            "product_id",
            "scrap_qty",
            "product_uom_id",
            "lot_id",
            "package_id",
            "owner_id",
            "location_id",
            "scrap_location_id",
            "picking_id",
            "company_id",
        ]
