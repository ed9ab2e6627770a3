from odoo import models


class StockMoveLine(models.Model):
    """Taking an inventory adjustment back is an adjustment, too."""

    _inherit = "stock.move.line"

    def action_revert_inventory(self):
        """Refuse to take back what was counted for held quantities."""
        self._exception_quants()._exception_backstop("adjust")
        return super().action_revert_inventory()

    def _exception_quants(self):
        """Return the quantities that these adjustments have changed."""
        lines = self.filtered("is_inventory")
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", lines.product_id.ids),
                ("location_id", "in", (lines.location_id | lines.location_dest_id).ids),
            ]
        )
        changed = {
            (line.product_id, place, line.lot_id, line.owner_id)
            for line in lines
            for place in line.location_id | line.location_dest_id
        }
        return quants.filtered(
            lambda quant: (quant.product_id, quant.location_id, quant.lot_id, quant.owner_id)
            in changed
        )
