from odoo import _, api, models


class ExceptionWatchdogGateway(models.AbstractModel):
    """What came in and nobody works on, or what goes out and nobody delivers."""

    _inherit = "exception.watchdog"

    @api.model
    def _findings(self, now):
        return super()._findings(now) + self._gateway_findings(now)

    @api.model
    def _gateway_findings(self, now):
        """Return one finding for each direction in which nothing moves."""
        stuck = self.env["exception.gateway.health"]._stuck(now)
        return [
            {
                "key": f"gateway:{direction}",
                "state": f"gateway_{direction}",
                "name": str(len(found)),
                "since": min(found.values()).replace(microsecond=0),
                "due": None,
                "loss": "work",
                "alarm": True,
                "error": None,
            }
            for direction, found in stuck.items()
            if found
        ]

    @api.model
    def _sentence(self, found):
        if not found["state"].startswith("gateway_"):
            return super()._sentence(found)
        since = self._moment(found["since"])
        if found["state"] == "gateway_in":
            return _(
                "Events that came in have waited since %s; nobody works on them, so cases may be "
                "missing.",
                since,
            )
        return _("Messages to other systems have waited since %s; nobody sends them.", since)

    @api.model
    def _advice(self, findings, loud):
        others = [found for found in findings if not found["state"].startswith("gateway_")]
        if not any(found["state"].startswith("gateway_") for found in loud):
            return super()._advice(findings, loud)
        more = _(
            "Integration → Health shows where. Ask whoever runs Odoo to check that the runner of "
            "queued jobs works (--load=web,queue_job) and that Scheduled Actions run."
        )
        loud = [found for found in loud if found in others]
        return f"{super()._advice(others, loud)} {more}" if loud else more
