from odoo import _, fields, models
from odoo.tools import float_compare
from odoo.tools.misc import format_date

from odoo.addons.exception_core.tools.action_errors import ActionRefused

OPEN = ("draft", "waiting", "confirmed", "assigned")


class SaleOrderShip(models.Model):
    """Ways to get goods to a customer who waits: what is there, from elsewhere, or later."""

    _inherit = "sale.order"

    def _ship_transfers(self):
        """Return the transfers to the customer that are still to be done."""
        return self.picking_ids.filtered(
            lambda one: one.state in OPEN and one.location_dest_id.usage == "customer"
        )

    def _ship_lacking(self):
        """Return ``{product: (wanted, lacking in its warehouse now)}`` of what has not left."""
        wanted = {}
        for move in self._ship_transfers().move_ids:
            if move.state not in ("done", "cancel") and move.product_id.type == "product":
                wanted[move.product_id] = wanted.get(move.product_id, 0.0) + move.product_qty
        reserved = {
            product: sum(
                move.product_uom._compute_quantity(move.quantity, product.uom_id)
                for move in self._ship_transfers().move_ids
                if move.product_id == product
            )
            for product in wanted
        }
        free = self._ship_free(wanted, self.warehouse_id)
        return {
            product: (count, max(count - reserved[product] - max(free[product], 0.0), 0.0))
            for product, count in wanted.items()
        }

    def _ship_free(self, products, warehouse):
        """Return ``{product: what nobody has reserved in a warehouse}``."""
        goods = self.env["product.product"].union(*products).with_context(warehouse=warehouse.id)
        return {product.with_env(self.env): product.free_qty for product in goods}

    def _ship_covers(self, free, wanted):
        return all(
            float_compare(free[product], count, precision_rounding=product.uom_id.rounding) >= 0
            for product, count in wanted.items()
        )

    # ------------------------------------------------------------------
    # what actions do
    # ------------------------------------------------------------------

    def _do_ship_now(self, run, values):
        """Let what is there go at once, and the rest later; the warehouse packs it."""
        self.ensure_one()
        transfers = self._ship_transfers()
        if not transfers:
            raise ActionRefused(_("Nothing of %s is left to ship.", self.name))
        self.picking_policy = "direct"
        transfers.write({"move_type": "direct", "priority": "1"})
        transfers.action_assign()
        ready = transfers.move_ids.filtered(lambda move: move.quantity)
        if not ready:
            raise ActionRefused(_("Nothing of %s is there, or its goods are on hold.", self.name))
        said = ", ".join(f"{move.quantity:g} × {move.product_id.display_name}" for move in ready)
        for transfer in ready.picking_id:
            transfer.message_post(body=_("Please ship today what is there: %s", said))
        run._say(_("Urgent for the warehouse, to be shipped in parts: %s", said))

    def _do_ship_from(self, run, values):
        """Send what has not left from another warehouse."""
        self.ensure_one()
        warehouse = self.env["stock.warehouse"].browse(values["warehouse"])
        transfers = self._ship_transfers()
        if not transfers or warehouse == self.warehouse_id:
            raise ActionRefused(_("Nothing of %s is left to ship from elsewhere.", self.name))
        wanted = {product: count for product, (count, _lack) in self._ship_lacking().items()}
        if not self._ship_covers(self._ship_free(wanted, warehouse), wanted):
            raise ActionRefused(_("%s does not have it any more.", warehouse.name))
        waiting = self.picking_ids.filtered(lambda one: one.state in OPEN)
        waiting.action_cancel()
        self.warehouse_id = warehouse
        self.order_line._action_launch_stock_rule()
        made = self._ship_transfers()
        run._say(
            _(
                "%(old)s cancelled, %(new)s ships from %(warehouse)s.",
                old=", ".join(waiting.mapped("name")),
                new=", ".join(made.mapped("name")),
                warehouse=warehouse.name,
            )
        )

    def _do_promise(self, run, values):
        """Promise another day to the customer."""
        self.ensure_one()
        day = fields.Date.to_date(values["day"])
        if day < fields.Date.context_today(self):
            raise ActionRefused(_("Promise a day that is still to come."))
        self.commitment_date = fields.Datetime.to_datetime(day).replace(hour=12)
        run._say(
            _("%(order)s is promised for %(day)s.", order=self.name, day=format_date(self.env, day))
        )
