from odoo import api, fields, models

from ..tools import monitor


class ExceptionGatewayHealthMetrics(models.Model):
    """The figures of the health page for monitors, as text. Documented in docs/health.md."""

    _inherit = "exception.gateway.health"

    @api.model
    def _metrics(self):
        """Return (whether everything moves, text for monitors)."""
        now = fields.Datetime.now()
        # sudo: the monitor has shown its token; figures and names only, no content, no address
        rows = self.sudo().search([("state", "!=", "draft")])
        figures = rows._figures(now)
        stuck = self._stuck(now)
        metrics = [
            ("up", "1: the page could be made.", [({}, 1)]),
            (
                "moving",
                "0: nobody works on what came in (in), or delivers what goes out (out).",
                [({"direction": name}, int(not found)) for name, found in stuck.items()],
            ),
        ]
        rows = [(row, {**self._no_figures(), **figures.get(row.id, {})}) for row in rows]
        for name, words, read in self._metric_names():
            samples = [
                ({**row._metric_labels(), **labels}, value)
                for row, own in rows
                for labels, value in read(row, own, now)
            ]
            metrics.append((name, words, samples))
        return not any(stuck.values()), monitor.render(metrics)

    @api.model
    def _stuck(self, now):
        """Return {direction: what stands still}."""
        self.env["exception.event"].flush_model()
        return {"in": self.env["exception.event.endpoint"]._standing_still(now)}

    def _metric_labels(self):
        return {"direction": self.direction, "id": self.endpoint_id.id, "name": self.name}

    @api.model
    def _metric_names(self):
        """Return (name, what it says, function that reads its samples from a row)."""

        def age(at, now):
            return (now - at).total_seconds() if at else None

        def known(value):
            return None if value is False else value

        states = ("waiting", "failed", "dead", "parked")
        return [
            (
                "items",
                "Events or messages that are not done with, by state.",
                lambda row, own, now: [({"state": s}, own[f"{s}_count"]) for s in states],
            ),
            (
                "items_last_hour",
                "Received, or to be sent, in the last hour.",
                lambda row, own, now: [({}, own["hour_count"])],
            ),
            (
                "items_last_day",
                "Received, or to be sent, in the last 24 hours.",
                lambda row, own, now: [({}, sum(own["trend"]))],
            ),
            (
                "last_seconds",
                "Seconds since the last one.",
                lambda row, own, now: [({}, age(own["last_at"], now))],
            ),
            (
                "oldest_waiting_seconds",
                "How long the oldest waits for its turn; 0: none waits.",
                lambda row, own, now: [({}, age(own["oldest_at"], now) or 0)],
            ),
            (
                "done_seconds",
                "From receipt to done, or from the change to delivered; newest of the last day.",
                lambda row, own, now: [
                    ({"quantile": "0.5"}, known(own["p50"])),
                    ({"quantile": "0.95"}, known(own["p95"])),
                ],
            ),
            (
                "refused_last_day",
                "Requests that did not prove who sent them, or were too many.",
                lambda row, own, now: [
                    ({"reason": "unproven"}, own["refused_count"]),
                    ({"reason": "rate"}, own["limited_count"]),
                ]
                if row.direction == "in"
                else [],
            ),
            (
                "silent",
                "1: nothing came for longer than usual.",
                lambda row, own, now: [({}, int(bool(row.endpoint_id.silent_since)))]
                if row.direction == "in"
                else [],
            ),
        ]
