from odoo import models


class StockMoveLine(models.Model):
    """Goods stay in their held transfer; taking an adjustment back is an adjustment, too."""

    _inherit = "stock.move.line"

    def write(self, vals):
        """Refuse to put goods of a held transfer into another one."""
        if "move_id" in vals or "picking_id" in vals:
            transfers = self.env["stock.picking"]
            for line in self:
                transfer = line.move_id.picking_id
                moved = "move_id" in vals and vals["move_id"] != line.move_id.id
                elsewhere = "picking_id" in vals and vals["picking_id"] != line.picking_id.id
                # while a backorder is made, its moves are there already
                if transfer and (moved or elsewhere and vals["picking_id"] != transfer.id):
                    transfers |= transfer
            transfers._exception_before("validate")._exception_backstop("validate")
        return super().write(vals)

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
