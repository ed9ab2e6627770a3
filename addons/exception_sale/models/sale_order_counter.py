from odoo import _, models


class SaleOrder(models.Model):
    """Orders that are settled at the point of sale, where that is installed, while they are held.

    The till has the money, and the goods may be in the customer's hands: nothing is refused there.
    The order stays a quotation and confirms by itself as soon as nothing holds it any more.
    """

    _inherit = "sale.order"

    def _exception_awaits(self, step):
        """Let orders that were settled at the counter confirm by themselves, too."""
        awaits = super()._exception_awaits(step)
        if step != "confirm" or "pos_order_line_ids" not in self._fields:
            return awaits
        # sudo: what the till has done is not for salespeople; only that there is something is told
        settled = self.sudo().filtered("pos_order_line_ids").sudo(False)
        words = _("It was settled at the point of sale; the order stays a quotation.")
        return {**awaits, words: settled} if settled else awaits

    def _action_confirm(self):
        """Confirm orders; what was handed over at the counter before is not sent once more."""
        result = super()._action_confirm()
        lines = self.order_line
        if "pos_order_line_ids" in lines._fields and "move_ids" in lines._fields:
            # sudo: as above, and transfers are not for salespeople
            lines.sudo().filtered("pos_order_line_ids")._exception_send_the_rest()
        return result


class SaleOrderLine(models.Model):
    """Lines of orders of which a part was handed over at the counter."""

    _inherit = "sale.order.line"

    def _exception_send_the_rest(self):
        """Reduce the transfers of these lines to what was not handed over yet."""
        transfers = self.move_ids.picking_id.browse()
        for line in self:
            left = max(line.product_uom_qty - line.qty_delivered, 0)
            moves = line.move_ids
            while before := moves.move_orig_ids - moves:
                moves |= before
            for move in moves.filtered(lambda one: one.state not in ("done", "cancel")):
                move.product_uom_qty = line.product_uom._compute_quantity(left, move.product_uom)
                transfers |= move.picking_id
        empty = transfers.filtered(lambda one: not any(one.move_ids.mapped("product_uom_qty")))
        empty.action_cancel()
