import logging
import time

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..tools.hits import restrict_ids
from ..tools.job import ATTEMPTS, RETRY, SWEEP_LOCK
from .exception_case_open import BATCH as QUIET
from .exception_case_tell import Tidings

_logger = logging.getLogger(__name__)

# Small batches: a sweep that has not committed blocks users on the unique index.
BATCH = 500
# A user's open transaction may hold the same hit or record; a sweep does not wait for ever.
LOCK_TIMEOUT_MS = 5000


class ExceptionDetectorSweep(models.Model):
    """The scheduled path: compare the hits of the whole table with the known cases."""

    _inherit = "exception.detector"

    # ------------------------------------------------------------------
    # entry points
    # ------------------------------------------------------------------

    @api.model
    def _cron_sweep(self, cadence):
        """Sweep the enabled detectors of a cadence; called by its Scheduled Action.

        Real-time detectors are swept with the hourly ones: what depends on time changes
        without a save, and what a save missed is found here.
        """
        cadences = [cadence, "realtime"] if cadence == "hourly" else [cadence]
        detectors = self.search([("state", "=", "enabled"), ("cadence", "in", cadences)])
        if cadence == "5min":
            # what could not be checked before a step is checked again soon
            detectors |= self._unavailable().filtered(lambda d: d.state == "enabled")
        detectors._sweep_locked()

    def action_run_now(self):
        """Sweep now, each detector in a transaction of its own.

        :return: notification that says what was found
        :raise UserError: when one of them is not enabled: it was not tried, or was switched off
        """
        self.check_access_rights("write")
        self.check_access_rule("write")
        if idle := self.filtered(lambda detector: detector.state != "enabled"):
            raise UserError(_("“%s” opens cases only once it is enabled.", idle[0].name))
        runs = self._sweep_locked()
        return self.env["exception.detector.run"]._notification(runs)

    @api.model
    def _sweep_all(self):
        """Sweep every enabled detector now, whatever its cadence; as ``_sweep_locked``."""
        return self.search([("state", "=", "enabled")])._sweep_locked()

    def _sweep_locked(self):
        """Sweep each detector on a cursor of its own, at most once at a time over all processes.

        The lock is taken on another cursor *before* the working transaction begins: a lock
        taken inside it would not renew its snapshot (REPEATABLE READ), and the sweep would
        open again what the former holder has just opened.

        :return: list of what ``exception.detector.run._as_bar`` says of each run; plain values,
            since the caller's own snapshot does not see the runs yet
        """
        runs = []
        for detector_id in self.ids:
            try:
                runs.append(self._sweep_own_cursor(detector_id))
            except Exception:
                # deleted or edited meanwhile, or its run could not be kept: the others go on
                _logger.exception("The sweep of detector %s could not be run", detector_id)
        return runs

    @api.model
    def _sweep_own_cursor(self, detector_id):
        """Sweep one detector, or note that another process does; return its run as plain values."""
        with self.pool.cursor() as lock_cr:
            lock = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", SWEEP_LOCK, detector_id)
            lock_cr.execute(lock)
            free = lock_cr.fetchone()[0]
            with self.pool.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                detector = env["exception.detector"].browse(detector_id)
                run = detector._sweep(commit=True) if free else detector._skip_locked()
                return run._as_bar()

    def _skip_locked(self):
        now = fields.Datetime.now()
        vals = {"detector_id": self.id, "mode": "sweep", "state": "locked", "started_at": now}
        return self.env["exception.detector.run"].create(vals)

    # ------------------------------------------------------------------
    # one sweep
    # ------------------------------------------------------------------

    def _sweep(self, now=None, commit=False):
        """Bring the cases of one detector in line with its hits, and record the run.

        Idempotent: a second sweep at the same instant opens and clears nothing.

        :param datetime now: naive UTC instant to judge by; default: the current one
        :param bool commit: commit after each batch (own cursor only, never a user's)
        :return: the ``exception.detector.run``
        """
        self.ensure_one()
        tidings = Tidings()
        detector = self._as_engine().with_context(exception_tidings=tidings)
        now = now or fields.Datetime.now()
        started = time.monotonic()
        counts = dict.fromkeys(("opened", "reopened", "cleared"), 0)
        outcome = {"state": "done", "error": False}
        try:
            detector._sweep_attempts(now, counts, commit)
        except Exception as error:
            # whatever a detector does wrong is an outcome of its run, never a crash of the cron
            if commit:
                # a commit that failed leaves a transaction in which no run can be recorded
                self.env.cr.rollback()
            _logger.warning("Detector %s failed in its sweep", detector.code, exc_info=True)
            outcome = self._failure_of(error)
        # one message for all batches; those before a failure stand
        detector.env["exception.case"].with_context(**QUIET, exception_tidings=None)._tell_tidings(
            tidings
        )
        vals = {
            **counts,
            **outcome,
            "hits": detector._known_hits(),
            "started_at": now,
            "duration_ms": round((time.monotonic() - started) * 1000),
        }
        run = detector._record_run("sweep", vals)
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # own cursor, see commit
        return run.with_env(self.env)

    def _sweep_attempts(self, now, counts, commit):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._guarded(self.timeout_seconds * 1000):
                    rows = self._key_rows(now)
                self._apply_rows(now, rows, counts, commit)
                return
            except RETRY:
                if not commit or attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()

    def _apply_rows(self, now, rows, counts, commit):
        """Turn the difference between hits and cases into cases, in small batches."""
        new, gone, due_again = self._split_rows(rows)
        for batch in split_every(BATCH, gone):
            with self._guarded(0, LOCK_TIMEOUT_MS):
                cases = self.env["exception.case"].browse(batch)
                counts["cleared"] += len(cases.filtered("is_open"))
                cases._clear()
            self._end_batch(commit)
        for batch in split_every(BATCH, new + due_again):
            with self._guarded(self.timeout_seconds * 1000):
                hits = self._hit_details(now, batch)
            with self._guarded(0, LOCK_TIMEOUT_MS):
                opened, reopened = self._open_hits(now, hits)
            counts["opened"] += opened
            counts["reopened"] += reopened
            self._end_batch(commit)

    def _end_batch(self, commit):
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # own cursor, see _sweep
        self.env.invalidate_all()

    def _split_rows(self, rows):
        """Split key rows into new hits, ids of cases without a hit, and ended acceptances."""
        new, gone, due_again = [], [], []
        for res_id, fingerprint, case_id, hit, risk_over in rows:
            if not hit:
                gone.append(case_id)
            elif risk_over:
                due_again.append((res_id, fingerprint))
            else:
                new.append((res_id, fingerprint))
        return new, gone, due_again

    # ------------------------------------------------------------------
    # statements
    # ------------------------------------------------------------------

    def _key_rows(self, now, ids=None, step=None):
        """Return where hits and known cases differ, in one statement.

        Known is a case whose condition held at the last look, open or not (a case that a person
        closed is not raised again while nothing has changed), and an accepted risk before its
        date. Facts are not computed here: a sweep without news reads keys only.

        :return: rows (res_id, fingerprint, case id, is a hit, acceptance has ended)
        """
        self.env.flush_all()
        self.env.cr.execute(self._difference(self._keyed(now, ids, step), self._known(now, ids)))
        return [row[1:] for row in self.env.cr.fetchall()]

    def _known(self, now, ids=None):
        """Select the known cases of self's detectors.

        :param ids: restrict to these records; None: all, each kind by an index that holds it
        """
        # the engine has no zone of its own, and serves companies of all zones: its day is UTC's
        today = now.date()
        record = SQL("AND c.res_id = ANY(%s)", list(ids)) if ids is not None else SQL()
        accepted = SQL("c.accepted_until > %s", today)
        if ids is None:
            kinds = [
                (SQL("TRUE"), SQL("c.condition_active")),
                (SQL("FALSE"), SQL("%s AND c.condition_active IS NOT TRUE", accepted)),
            ]
        else:
            kinds = [(SQL("c.condition_active"), SQL("(c.condition_active OR %s)", accepted))]
        selects = [
            SQL(
                """SELECT c.id, c.detector_id, c.res_id, c.fingerprint, %s AS condition_active,
                          NOT c.is_open AND c.outcome = 'accepted' AND c.accepted_until <= %s
                              AS risk_over
                     FROM exception_case c
                    WHERE c.detector_id = ANY(%s) AND %s %s""",
                active,
                today,
                self.ids,
                condition,
                record,
            )
            for active, condition in kinds
        ]
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _difference(self, keyed_hits, known):
        """Full join of keyed hits with the known cases of their detectors, differences only."""
        return SQL(
            """SELECT COALESCE(hit.detector_id, known.detector_id),
                      COALESCE(hit.res_id, known.res_id),
                      COALESCE(hit.fingerprint, known.fingerprint),
                      known.id, hit.res_id IS NOT NULL, COALESCE(known.risk_over, FALSE)
                 FROM (%s) AS hit
                 FULL JOIN (%s) AS known
                   ON known.detector_id = hit.detector_id
                  AND known.res_id = hit.res_id
                  AND known.fingerprint = hit.fingerprint
                WHERE known.id IS NULL
                   OR (hit.res_id IS NULL AND known.condition_active)
                   OR (hit.res_id IS NOT NULL AND known.risk_over)""",
            keyed_hits,
            known,
        )

    def _hit_details(self, now, keys):
        """Return the full hits of some keys as dicts of the hit contract."""
        wanted = set(keys)
        step = self.hold_step if self.holds else None
        select = self._detail_select(now, step=step)
        select = restrict_ids(select, {res_id for res_id, _print in keys})
        self.env.cr.execute(select)
        hits = {}
        for hit in self.env.cr.dictfetchall():
            key = (hit["res_id"], hit["fingerprint"])
            if key in wanted:
                # a select that returns a key twice (a join that multiplies) opens one case
                hits.setdefault(key, hit)
        return list(hits.values())

    def _known_hits(self):
        return self.env["exception.case"].search_count(
            [("detector_id", "=", self.id), ("condition_active", "=", True)]
        )
