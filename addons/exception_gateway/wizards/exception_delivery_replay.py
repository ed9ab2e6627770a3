from odoo import _, api, fields, models
from odoo.exceptions import UserError

MOST = 10_000


class ExceptionDeliveryReplay(models.TransientModel):
    """Asks once before messages are sent again: one, many, or all since a moment."""

    _name = "exception.delivery.replay"
    _description = "Send Events Again"
    _inherit = "exception.dialog"

    delivery_ids = fields.Many2many("exception.delivery", string="Messages")
    subscription_id = fields.Many2one("exception.subscription")
    since = fields.Datetime(
        "All that happened since", help="Example: when the receiver began to lose messages."
    )
    dead_only = fields.Boolean("Only what was given up", default=True)
    count = fields.Integer("How many", compute="_compute_count")

    @api.model
    def _open(self, deliveries=None, subscription=None):
        dialog = self.create(
            {
                "delivery_ids": [(6, 0, deliveries.ids)] if deliveries else False,
                "subscription_id": subscription.id if subscription else False,
                "since": fields.Datetime.start_of(fields.Datetime.now(), "day")
                if subscription
                else False,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": _("Send again"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("delivery_ids", "subscription_id", "since", "dead_only")
    def _compute_count(self):
        for dialog in self:
            if dialog.subscription_id:
                dialog.count = self.env["exception.delivery"].search_count(dialog._domain())
            else:
                dialog.count = len(dialog.delivery_ids)

    def _domain(self):
        states = ["dead"] if self.dead_only else ["dead", "delivered"]
        return [
            ("subscription_id", "=", self.subscription_id.id),
            ("created_at", ">=", self.since),
            ("state", "in", states),
            ("event_type", "!=", "test.ping"),
        ]

    def action_apply(self):
        """Send them again, in the order in which they happened and under the ids they had."""
        self.ensure_one()
        self.check_access_rights("write")
        deliveries = self.env["exception.delivery"]
        found = self.delivery_ids
        if self.subscription_id:
            if not self.since:
                raise UserError(_("Say since when."))
            found = deliveries.search(self._domain(), order="id", limit=MOST)
        # what is not seen is not sent
        found.check_access_rule("read")
        # sudo: checked by the right to this dialog; deliveries are written by the model only
        again = found.sudo()._replay()
        message = _("%s messages will be sent again.", len(again))
        if len(found) == MOST:
            message = _("%s messages will be sent again. Repeat this for the rest.", len(again))
        return self.env["exception.case"]._notification(_("Noted"), message)
