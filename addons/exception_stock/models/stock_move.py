from odoo import api, fields, models
from odoo.tools import float_compare


class StockMove(models.Model):
    """Moves are where goods really leave: they refuse for held transfers, whoever asks."""

    _inherit = "stock.move"

    exception_above_demand = fields.Float(
        "Above demand",
        compute="_compute_exception_above_demand",
        digits="Product Unit of Measure",
        help="More than was asked for: who lifted a hold has not agreed to it.",
    )

    @api.depends("quantity", "product_uom_qty", "product_uom")
    def _compute_exception_above_demand(self):
        # what is reserved comes and goes; only what exceeds the demand is another transfer
        for move in self:
            rounding = move.product_uom.rounding
            above = float_compare(move.quantity, move.product_uom_qty, precision_rounding=rounding)
            move.exception_above_demand = move.quantity if above > 0 else 0.0

    def _action_done(self, cancel_backorder=False):
        """Refuse for held transfers, before anything moves."""
        transfers = self._exception_transfers()
        transfers._exception_backstop("validate")
        with transfers._exception_passing("validate"):
            return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_assign(self, force_qty=False):
        """Reserve for transfers that are not held from it; the others wait without a word, since
        this is what schedulers and confirmed orders do."""
        # not ``_exception_before``: what is reserved has not taken the step, and reading the state
        # of a transfer in the making costs each confirmed order a statement
        transfers = self.picking_id
        if "reserve" not in transfers._exception_steps():
            transfers = transfers.browse()
        passed = transfers._exception_passed("reserve")
        asking = transfers.filtered(lambda transfer: transfer.id not in passed)
        _clean, held = asking._exception_split("reserve")
        moves = self.filtered(lambda move: move.picking_id not in held) if held else self
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse moves that are born done on a held transfer."""
        done = [vals["picking_id"] for vals in vals_list if self._exception_is_done(vals)]
        transfers = self.env["stock.picking"].browse(done)
        transfers._exception_before("validate")._exception_backstop("validate")
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to write that moves of a held transfer are done, or belong to another one."""
        if vals.get("state") == "done":
            self._exception_transfers()._exception_backstop("validate")
        if "picking_id" in vals:
            self._exception_stay(vals["picking_id"])
        return super().write(vals)

    def _exception_stay(self, transfer_id):
        """Refuse to take goods out of a held transfer: there they would go on without its hold.

        The rest of a transfer that is being validated goes into its backorder, which the holds of
        the transfer hold as well.
        """
        leaving = self.filtered(
            lambda move: (
                move.picking_id.id not in (False, transfer_id)
                # a reduction of what was ordered takes nothing along
                and move.product_uom_qty >= 0
            )
        )
        leaving._exception_transfers()._exception_backstop("validate")

    @api.model
    def _exception_is_done(self, vals):
        return vals.get("state") == "done" and vals.get("picking_id") and not vals.get("scrapped")

    def _exception_transfers(self):
        """Return the transfers that these moves are about to finish, or a part of them.

        What is scrapped out of a transfer is a step of its own.
        """
        moves = self.filtered(lambda move: not move.scrapped and move.state != "done")
        return moves.picking_id._exception_before("validate")
