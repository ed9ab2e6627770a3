import logging
from contextlib import contextmanager

import psycopg2.errors
from markupsafe import Markup

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

_logger = logging.getLogger(__name__)

STANDSTILL = "exception_core.mail_activity_type_standstill"


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
        failed = run.state in ("failed", "timeout")
        if mode == "sweep":
            if not (failed and self._stop_when_failing()):
                self._tell_owner(run, failed)
        elif failed:
            self._stop_later()
        return run

    def _tell_owner(self, run, failed):
        """Tell the owner at the first failed sweep, once, and take it back when one succeeds."""
        told = self.activity_search([STANDSTILL]) if self.activity_ids else self.activity_ids
        if failed and not told:
            self._warn_owner(
                _("A sweep of this detector failed"),
                _(
                    "“%(detector)s” failed at %(moment)s, and what it looks for may be missed "
                    "until a sweep succeeds. It is switched off after %(count)s failures in a "
                    "row. Error: %(error)s",
                    detector=self.name,
                    moment=self._owner_time(run.started_at),
                    count=self.max_failures,
                    error=run.error,
                ),
            )
        elif told and run.state == "done":
            self.activity_unlink([STANDSTILL])

    def _owner_time(self, moment):
        zone = self.owner_id.tz or "UTC"
        return f"{format_datetime(self.env, moment, tz=zone, dt_format='short')} ({zone})"

    def _warn_owner(self, summary, text):
        """Give the owner one activity about this detector; what was said before is replaced."""
        self.ensure_one()
        note = Markup("%s") % text
        told = self.activity_search([STANDSTILL], user_id=self.owner_id.id)
        if told:
            told.write({"summary": summary, "note": note})
            return
        self.activity_schedule(
            STANDSTILL,
            date_deadline=fields.Date.context_today(self),
            summary=summary,
            note=note,
            user_id=self.owner_id.id,
        )

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

    def _warn_still_on(self, error):
        self._warn_owner(
            _("A check that holds fails again and again"),
            _(
                "“%(detector)s” failed %(count)s times in a row. It stays on, since it holds "
                "records, but steps pass unchecked: a case on each of them says so. Mend its "
                "condition. Last error: %(error)s",
                detector=self.name,
                count=self.max_failures,
                error=error,
            ),
        )

    def _stop_when_failing(self):
        """Switch detectors off when their last runs all failed, and tell their owners.

        :return: those that were switched off
        """
        stopped = self.browse()
        for detector in self.filtered(lambda d: d.state == "enabled"):
            domain = [("detector_id", "=", detector.id), ("state", "!=", "locked")]
            if detector.enabled_at:
                # what failed before it was mended does not count
                domain.append(("started_at", ">=", detector.enabled_at))
            runs = self.env["exception.detector.run"].search(domain, limit=detector.max_failures)
            failed = runs.filtered(lambda run: run.state in ("failed", "timeout"))
            if len(failed) < detector.max_failures:
                continue
            if detector.holds:
                # what protects a step is mended, never switched off by itself
                detector._warn_still_on(failed[0].error)
                continue
            detector.write({"state": "failed"})
            detector._warn_owner(
                _("Detector stopped after repeated failures"),
                _(
                    "“%(detector)s” failed %(count)s times in a row and was switched off, so it "
                    "finds nothing any more. Last error: %(error)s. Mend the condition and "
                    "enable it again.",
                    detector=detector.name,
                    count=len(failed),
                    error=failed[0].error,
                ),
            )
            stopped += detector
        return stopped
