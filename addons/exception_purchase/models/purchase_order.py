from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class PurchaseOrder(models.Model):
    """Purchase orders show their open exceptions, and wait to be confirmed while one holds."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "confirm": GuardedStep(
                methods=("button_confirm", "button_approve"),
                field="state",
                before=("draft", "sent", "to approve"),
                after=("purchase", "done"),
            ),
        }

    def _exception_do(self, step):
        """Approve what Odoo's own double validation waits with; confirm the others."""
        waiting = self.filtered(lambda order: order.state == "to approve")
        if step != "confirm" or not waiting:
            return super()._exception_do(step)
        return waiting.button_approve()

    @api.model
    def _exception_material_paths(self):
        """Who sells what for how much, and where it goes."""
        paths = [
            *super()._exception_material_paths(),
            "partner_id",
            "dest_address_id",
            *(
                f"dest_address_id.{name}"
                for name in ("street", "street2", "zip", "city", "state_id", "country_id")
            ),
            "company_id",
            "currency_id",
            "fiscal_position_id",
            "payment_term_id",
            "incoterm_id",
            "amount_total",
            "order_line.product_id",
            "order_line.name",
            "order_line.product_uom",
            "order_line.product_qty",
            "order_line.price_unit",
            "order_line.discount",
            "order_line.taxes_id",
        ]
        # where goods are received, with Inventory
        return [*paths, "picking_type_id"] if "picking_type_id" in self._fields else paths
