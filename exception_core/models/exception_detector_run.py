from datetime import timedelta

from odoo import _, api, fields, models
from odoo.tools import SQL

RUN_STATES = [
    ("done", "Done"),
    ("failed", "Failed"),
    ("timeout", "Out of time"),
    ("locked", "Skipped: running elsewhere"),
]
# Runs older than this leave by Odoo's daily vacuum, unless the settings say otherwise: the strip
# of bars shows the newest only.
KEEP_DAYS = 90


class ExceptionDetectorRun(models.Model):
    """One sweep, or one check in the real-time path that opened, cleared or failed.

    Rows are only appended. Counters on the detector would be a hot row for every save.
    """

    _name = "exception.detector.run"
    _description = "Exception Detector Run"
    _order = "id desc"
    _rec_name = "started_at"

    detector_id = fields.Many2one(
        "exception.detector", required=True, ondelete="cascade", index=True, readonly=True
    )
    mode = fields.Selection(
        [("sweep", "Sweep"), ("realtime", "When it happened")], required=True, readonly=True
    )
    state = fields.Selection(
        RUN_STATES,
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime("Started", required=True, readonly=True)
    duration_ms = fields.Integer("Time (ms)", readonly=True)
    hits = fields.Integer(readonly=True, help="Records in exception after this run.")
    opened = fields.Integer(readonly=True)
    reopened = fields.Integer("Re-opened", readonly=True)
    cleared = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)

    def init(self):
        """Create the index behind :meth:`_newest`: a busy detector has very many runs."""
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_detector_run_newest_idx"
                " ON exception_detector_run (detector_id, mode, id)"
            )
        )

    @api.autovacuum
    def _gc_runs(self):
        number = self.env["ir.config_parameter"]._exception_number
        days = number("exception_core.run_retention_days", KEEP_DAYS)
        limit = fields.Datetime.now() - timedelta(days=days)
        self.search([("started_at", "<", limit)], limit=10000).unlink()

    @api.model
    def _newest(self, detector_ids, limit, mode=None):
        """Return the newest runs of each detector, ``{detector id: runs}``, in one statement.

        :param str mode: only "sweep" runs, or only those of "realtime"
        """
        self.flush_model(["detector_id"])
        self.env.cr.execute(
            SQL(
                """SELECT d.id, r.id
                     FROM unnest(%s::integer[]) AS d(id)
                    CROSS JOIN LATERAL (
                          SELECT id FROM exception_detector_run
                           WHERE detector_id = d.id %s
                           ORDER BY id DESC LIMIT %s) AS r""",
                detector_ids,
                SQL("AND mode = %s", mode) if mode else SQL(),
                limit,
            )
        )
        found = {}
        for detector_id, run_id in self.env.cr.fetchall():
            found.setdefault(detector_id, []).append(run_id)
        return {detector_id: self.browse(ids) for detector_id, ids in found.items()}

    def _as_bar(self):
        """Return what the strip of bars on the detector shows of a run."""
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "mode": self.mode,
            "at": fields.Datetime.to_string(self.started_at),
            "ms": self.duration_ms,
            "hits": self.hits,
            "opened": self.opened + self.reopened,
            "cleared": self.cleared,
            "error": (self.error or "")[:200],
        }

    @api.model
    def _notification(self, bars):
        """Say in one notification what some runs found, and what failed.

        :param list bars: runs as :meth:`_as_bar` gives them
        """
        failed = [bar for bar in bars if bar["state"] != "done"]
        message = _(
            "%(opened)s opened or re-opened, %(cleared)s cleared.",
            opened=sum(bar["opened"] for bar in bars),
            cleared=sum(bar["cleared"] for bar in bars),
        )
        if failed:
            message = _(
                "%(message)s %(count)s did not finish: %(error)s",
                message=message,
                count=len(failed),
                error=failed[0]["error"] or _("it is running elsewhere at this moment"),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "title": _("Sweep finished"),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
