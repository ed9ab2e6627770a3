from odoo import _, api, fields, models

from ..tools.health import DAY_HOURS, SECONDS_STUCK, span
from ..tools.refusals import UNPROVEN


class ExceptionGatewayHealthWorry(models.Model):
    """What is worth a word on the health page, and what a click on a figure opens."""

    _inherit = "exception.gateway.health"

    def _worries(self, own):
        """Return (verdict, whether it holds, words), the worst first."""
        endpoint = self.sudo().endpoint_id
        waits = (
            (fields.Datetime.now() - own["oldest_at"]).total_seconds() if own["oldest_at"] else 0
        )
        return [
            (
                "bad",
                own["is_stuck"],
                _("Nobody works on what came in: the oldest waits for %s", span(waits)),
            ),
            (
                "bad",
                bool(endpoint.refusing_since),
                _("Refuses much: %s in a day did not prove who sent them", own["refused_count"]),
            ),
            (
                "bad",
                bool(endpoint.silent_since),
                _(
                    "Silent for %s, longer than usual",
                    span((fields.Datetime.now() - endpoint.silent_since).total_seconds())
                    if endpoint.silent_since
                    else "",
                ),
            ),
            (
                "watch",
                waits > SECONDS_STUCK,
                _("It falls behind: the oldest waits for %s", span(waits)),
            ),
            ("watch", own["dead_count"], _("Dead letters wait for a person")),
            ("watch", own["failed_count"], _("Some fail, and are tried again")),
            ("watch", own["limited_count"], _("The sender was slowed down: too many at once")),
        ]

    # ------------------------------------------------------------------
    # what a click opens
    # ------------------------------------------------------------------

    def action_open(self):
        """Open what a figure counts; context ``health_figure`` names it, all without one."""
        self.ensure_one()
        figure = self.env.context.get("health_figure") or "all"
        if figure in ("refused", "limited"):
            return self._open_refused(figure)
        return self._open_events(figure)

    def _open_events(self, figure):
        """Open exactly the events that make a figure."""
        filters = self.env["exception.event.endpoint"]._health_filters(fields.Datetime.now())
        domain = [("endpoint_id", "=", self.endpoint_id.id), *filters.get(figure, [])]
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_gateway.exception_event_action",
            domain,
            name=self._figure_name(figure),
        )

    def _figure_name(self, figure):
        what = {
            "day": _("last day"),
            "hour": _("last hour"),
            "waiting": _("waiting"),
            "parked": _("parked"),
            "failed": _("failing"),
            "dead": _("dead"),
            "failures": _("failures of the last day"),
        }.get(figure)
        return f"{self.name}: {what}" if what else self.name

    def _open_refused(self, figure):
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=DAY_HOURS)
        kinds = UNPROVEN if figure == "refused" else ("rate",)
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_gateway.exception_event_refusal_action",
            [
                ("endpoint_id", "=", self.endpoint_id.id),
                ("kind", "in", kinds),
                ("minute", ">", since),
            ],
            name=_("%s: refused", self.name),
        )

    def action_open_settings(self):
        """Open the endpoint itself."""
        self.ensure_one()
        return self._open_record(self.endpoint_id)

    @api.model
    def _open_record(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
