from odoo import _, api, fields, models
from odoo.tools import SQL


class ExceptionGatewayHealthOut(models.Model):
    """Subscriptions are rows of the health page, too, with odd ids."""

    _inherit = "exception.gateway.health"

    subscription_id = fields.Many2one("exception.subscription", readonly=True)

    @api.model
    def _row_selects(self):
        ways_in = [
            SQL("SELECT way_in.*, NULL::integer AS subscription_id FROM (%s) AS way_in", one)
            for one in super()._row_selects()
        ]
        ways_out = SQL(
            """SELECT 2 * id + 1 AS id, name, 'out' AS direction, state, company_id, owner_id,
                      NULL::integer AS endpoint_id, id AS subscription_id
                 FROM exception_subscription WHERE active"""
        )
        return [*ways_in, ways_out]

    def _figures(self, now):
        figures = super()._figures(now)
        # as in super
        subscriptions = self.subscription_id
        if subscriptions:
            self.env.flush_all()
            own = subscriptions.sudo()._health(now)
            figures.update({2 * key + 1: values for key, values in own.items()})
        return figures

    @api.model
    def _stuck(self, now):
        self.env.flush_all()
        return {
            **super()._stuck(now),
            "out": self.env["exception.subscription"]._standing_still(now),
        }

    def _worries(self, own):
        if self.direction != "out":
            return super()._worries(own)
        because = self.sudo().subscription_id.circuit_because or ""
        return [
            ("bad", own["is_stuck"], _("Nobody sends what is due")),
            ("bad", own["circuit"] != "closed", _("The receiver rests: %s", because)),
            ("watch", own["dead_count"], _("Messages were given up")),
            ("watch", own["failed_count"], _("Some fail, and are tried again")),
        ]

    def _metric_labels(self):
        if self.direction != "out":
            return super()._metric_labels()
        return {"direction": "out", "id": self.subscription_id.id, "name": self.name}

    @api.model
    def _metric_names(self):
        def circuit(row, own, now):
            return [({}, int(own["circuit"] != "closed"))] if row.direction == "out" else []

        return [
            *super()._metric_names(),
            ("circuit_open", "1: the receiver fails and is left alone for now.", circuit),
        ]

    def _open_events(self, figure):
        if self.direction != "out":
            return super()._open_events(figure)
        filters = self.env["exception.subscription"]._health_filters(fields.Datetime.now())
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_gateway.exception_delivery_action",
            [("subscription_id", "=", self.subscription_id.id), *filters.get(figure, [])],
            name=self._figure_name(figure),
        )

    def action_open_settings(self):
        """Open the endpoint or the subscription itself."""
        self.ensure_one()
        return self._open_record(self.subscription_id or self.endpoint_id)
