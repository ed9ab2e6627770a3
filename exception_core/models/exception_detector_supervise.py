import logging
from contextlib import contextmanager

import psycopg2.errors
from markupsafe import Markup

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class ExceptionDetectorSupervise(models.Model):
    """What happens when a detector fails: recorded on its run, switched off after repetition."""

    _inherit = "exception.detector"

    @contextmanager
    def _guarded(self, timeout_ms=0, lock_timeout_ms=0):
        """Run a block in a savepoint under time limits that end with it.

        ``SET LOCAL`` survives the release of a savepoint, so the limits are put back by hand
        (a rollback to the savepoint puts them back by itself). The ORM is flushed first: what
        the user wrote must fail as the user's, not as ours.
        """
        cr = self.env.cr
        limited = timeout_ms or lock_timeout_ms
        begin = self._limits(timeout_ms, lock_timeout_ms) if limited else SQL()
        end = self._limits(0, 0) if limited else SQL()
        self.env.flush_all()
        # one trip to the server each, since saves pay for them
        cr.execute(SQL("SAVEPOINT exception_guard; %s", begin))
        try:
            yield
            self.env.flush_all()
        except Exception:
            # what the ORM still holds of the failed block must not be written later
            self.env.clear()
            cr.execute(
                SQL("ROLLBACK TO SAVEPOINT exception_guard; RELEASE SAVEPOINT exception_guard")
            )
            raise
        cr.execute(SQL("%s RELEASE SAVEPOINT exception_guard", end))

    @api.model
    def _limits(self, timeout_ms, lock_timeout_ms):
        """Return what limits statements of this transaction, in milliseconds.

        0 gives back the server's own limit.
        """
        return SQL(
            "SET LOCAL statement_timeout TO %s; SET LOCAL lock_timeout TO %s;",
            timeout_ms or SQL("DEFAULT"),
            lock_timeout_ms or SQL("DEFAULT"),
        )

    @api.model
    def _failure_of(self, error):
        """Return the state and the text of a run that ended with ``error``."""
        late = isinstance(error, psycopg2.errors.QueryCanceled | psycopg2.errors.LockNotAvailable)
        text = str(error).strip() or type(error).__name__
        return {"state": "timeout" if late else "failed", "error": text}

    def _record_run(self, mode, vals):
        """Append a run. A failed one may switch the detector off.

        :param str mode: "sweep" or "realtime"
        :param dict vals: values of the run
        :return: the run
        """
        run = self.env["exception.detector.run"].create(
            {"detector_id": self.id, "mode": mode, **vals}
        )
        if run.state in ("failed", "timeout"):
            if mode == "sweep":
                self._stop_when_failing()
            else:
                self._stop_later()
        return run

    def _stop_later(self):
        """Judge the failures after the user's transaction, on a cursor of its own.

        Writing the detector inside a save would make concurrent saves wait for each other. If
        this is lost (the process dies), the next failure or the hourly sweep does it.
        """
        dbname, detector_id, registry = self.env.cr.dbname, self.id, self.pool

        @self.env.cr.postcommit.add
        def judge():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["exception.detector"].browse(detector_id)._stop_when_failing()
            except Exception:
                # after the commit nobody is left to answer; the hourly sweep judges again
                _logger.exception("Detector %s of %s could not be judged", detector_id, dbname)

    def _stop_when_failing(self):
        """Switch a detector off when its last runs all failed, and tell its owner by activity."""
        for detector in self.filtered(lambda d: d.state == "enabled"):
            domain = [("detector_id", "=", detector.id), ("state", "!=", "locked")]
            if detector.enabled_at:
                # what failed before it was mended does not count
                domain.append(("started_at", ">=", detector.enabled_at))
            runs = self.env["exception.detector.run"].search(domain, limit=detector.max_failures)
            failed = runs.filtered(lambda run: run.state in ("failed", "timeout"))
            if len(failed) < detector.max_failures:
                continue
            detector.write({"state": "failed"})
            detector.activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=fields.Date.context_today(detector),
                summary=_("Detector stopped after repeated failures"),
                note=Markup("%s")
                % _(
                    "“%(detector)s” failed %(count)s times in a row and was switched off, so it "
                    "finds nothing any more. Last error: %(error)s. Mend the condition and "
                    "enable it again.",
                    detector=detector.name,
                    count=len(failed),
                    error=failed[0].error,
                ),
                user_id=detector.owner_id.id,
            )
