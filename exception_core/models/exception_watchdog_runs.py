from datetime import timedelta

from odoo import _, api, models
from odoo.tools import SQL

# How long a run may wait for its turn before somebody is told.
PATIENCE = timedelta(minutes=15)


class ExceptionWatchdogRuns(models.AbstractModel):
    """Runs of actions that nobody carries out, or whose outcome nobody has found out."""

    _inherit = "exception.watchdog"

    @api.model
    def _findings(self, now):
        return super()._findings(now) + self._run_findings(now)

    @api.model
    def _run_findings(self, now):
        """Return one finding for each kind of run that got stuck: how many, and since when."""
        self.env["exception.action.run"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE state WHEN 'running' THEN 'queued' ELSE state END AS kind,
                       count(*), min(COALESCE(next_try_at, started_at, queued_at))
                  FROM exception_action_run
                 WHERE state = 'queued' AND COALESCE(next_try_at, queued_at) < %(late)s
                    OR state = 'running' AND started_at < %(late)s
                    OR state = 'unknown' AND started_at < %(late)s
              GROUP BY kind
                """,
                late=now - PATIENCE,
            )
        )
        return [
            {
                "key": f"runs:{kind}",
                "state": f"runs_{kind}",
                "name": str(count),
                "since": since,
                "due": None,
                "loss": "work",
                # an unknown outcome has an activity of its own on the case
                "alarm": kind == "queued",
                "error": None,
            }
            for kind, count, since in self.env.cr.fetchall()
        ]

    @api.model
    def _sentence(self, found):
        if found["state"] not in ("runs_queued", "runs_unknown"):
            return super()._sentence(found)
        since = self._moment(found["since"]) if found["since"] else ""
        if found["state"] == "runs_queued":
            return _(
                "%(count)s actions have waited for their turn since %(since)s; nobody carries "
                "them out.",
                count=found["name"],
                since=since,
            )
        return _(
            "Of %(count)s actions since %(since)s nobody knows whether the outside has done them.",
            count=found["name"],
            since=since,
        )

    @api.model
    def _advice(self, findings, loud):
        advice = super()._advice(findings, loud)
        if any(found["state"].startswith("runs_") for found in loud):
            more = _("The actions that wait are in Cases → Actions done.")
            return f"{advice} {more}"
        return advice
