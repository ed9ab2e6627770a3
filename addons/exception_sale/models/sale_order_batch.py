from odoo import _, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """“Confirm” for many quotations at once, in the menu of the list."""

    _inherit = "sale.order"

    def action_confirm_many(self):
        """Confirm those of these orders that are quotations; held ones stay and are listed."""
        waiting = self.filtered(lambda order: order.state in ("draft", "sent"))
        if not waiting:
            raise UserError(_("None of these is a quotation, so there is nothing to confirm."))
        result = waiting.action_confirm()
        if isinstance(result, dict):
            return result
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": _("%s confirmed", len(waiting)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
