from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep

# Where other apps keep the order of a transfer.
ORDERS = ("sale_id", "purchase_id")
TO_DO = ("draft", "waiting", "confirmed", "assigned")


class StockPicking(models.Model):
    """Transfers show their open exceptions, and wait to be reserved or validated while one holds.

    Whatever finishes moves (scheduler, point of sale, other addons) ends in
    ``stock.move._action_done``, which refuses for held transfers.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "reserve": GuardedStep(
                methods=("action_assign",), field="state", before=TO_DO, after=("assigned",)
            ),
            "validate": GuardedStep(
                methods=("button_validate",), field="state", before=TO_DO, after=("done",)
            ),
        }

    def _exception_sources(self, step):
        """Let a hold on the order, from a step of its goods, hold the transfers; and a hold on a
        transfer what is left of it."""
        sources = super()._exception_sources(step)
        # sudo: a hold holds whoever asks
        for picking in self.sudo().filtered("backorder_id"):
            before = picking.backorder_id
            while before:
                sources.setdefault((self._name, before.id), set()).add(picking.id)
                before = before.backorder_id
        # sudo: a hold holds whoever asks
        for name in [name for name in ORDERS if name in self._fields]:
            for picking in self.sudo().filtered(name):
                order = picking[name]
                sources.setdefault((order._name, order.id), set()).add(picking.id)
        return sources

    def _exception_holders(self):
        """Return the transfers with what is left of them."""
        rest = self
        while rest := rest.backorder_ids - self:
            self |= rest
        return self

    def _exception_check(self, step):
        result = super()._exception_check(step)
        if step == "validate":
            super()._exception_check("reserve")
        return result

    def _exception_holding(self, step, settle=False):
        """Take holds from reservation for validation as well: quantities typed by hand reserve
        without asking, but they do not leave."""
        holding = super()._exception_holding(step, settle)
        if step == "validate":
            for picking_id, cases in super()._exception_holding("reserve", settle).items():
                holding[picking_id] = holding.get(picking_id, cases.browse()) | cases
        return holding

    @api.model
    def _exception_material_paths(self):
        """What goes from where to where, to whom, how much."""
        return [
            *super()._exception_material_paths(),
            "picking_type_id",
            "partner_id",
            *(
                f"partner_id.{name}"
                for name in ("street", "street2", "zip", "city", "state_id", "country_id")
            ),
            "owner_id",
            "location_id",
            "location_dest_id",
            "company_id",
            "move_ids.product_id",
            "move_ids.product_uom",
            "move_ids.product_uom_qty",
            "move_ids.exception_above_demand",
            "move_ids.location_id",
            "move_ids.location_dest_id",
        ]
