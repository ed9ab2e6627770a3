import logging
import time

import psycopg2
import psycopg2.errors

from odoo import api, fields, models, tools
from odoo.exceptions import MissingError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

TOUCHED = "exception_core.touched"
# All real-time checks of one save together; a save never waits longer for us.
BUDGET_MS = 1000
# A sweep holds the unique index for one small batch; do not wait longer than this for it.
LOCK_TIMEOUT_MS = 200
# No fault of the detector: it must not count towards switching it off.
SOMEBODY_ELSE = (
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.SerializationFailure,
)
# A save of more records hardly ever passes all gates, and their planning time does not matter.
GATES_UP_TO = 200


class ExceptionDetectorRealtime(models.Model):
    """The path of the save: collect what was written, judge it once before the commit.

    The patches of ``base_automation.py`` call :meth:`_collect`, which only notes ids. A
    precommit hook then evaluates all detectors of a root model in one statement. The hook may
    run several times in a transaction (every flushing savepoint runs precommit hooks), so it is
    idempotent, and it ends with a flush because a plain commit does not flush after the hooks.
    """

    _inherit = "exception.detector"

    # ------------------------------------------------------------------
    # collecting
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _watched(self):
        """Return what touches the enabled real-time detectors, as plain values.

        :return: model → list of (fields that count, () for all; path to the root; root model)
        """
        watched = {}
        enabled = [("state", "=", "enabled"), ("cadence", "=", "realtime")]
        # sudo: which models are watched does not depend on who saves, nor on their context
        detectors = self.sudo().with_context(active_test=True).search(enabled)
        for trigger in detectors.trigger_ids:
            names = frozenset(trigger.field_ids.mapped("name"))
            entry = (names, trigger.path or "", trigger.detector_id.model_id.model)
            entries = watched.setdefault(trigger.model_id.model, [])
            if entry not in entries:
                entries.append(entry)
        return watched

    @api.model
    @tools.ormcache("root_model")
    def _realtime_ids(self, root_model):
        """Return the ids of the enabled real-time detectors that check a model."""
        return tuple(
            self.sudo()  # sudo: see _watched
            .with_context(active_test=True)
            .search(
                [
                    ("state", "=", "enabled"),
                    ("cadence", "=", "realtime"),
                    ("model", "=", root_model),
                ]
            )
            .ids
        )

    @api.model
    def _collect(self, records, names=None):
        """Note records whose write touches detectors; costs no statement.

        :param records: what was created, written or recomputed
        :param names: the fields that were written; None: all of them (create)
        """
        entries = self._watched().get(records._name)
        ids = [id_ for id_ in records._ids if id_] if entries else None
        if not ids:
            return
        for fields_that_count, path, root_model in entries:
            if names is None or not fields_that_count or not fields_that_count.isdisjoint(names):
                self._touched().setdefault((records._name, path, root_model), set()).update(ids)

    @api.model
    def _collect_deleted(self, records):
        """Note the root records of what is about to be deleted, while the way there exists."""
        for _fields, path, root_model in self._watched().get(records._name, ()):
            if path:
                try:
                    # sudo: the check of the roots does not depend on who deletes
                    roots = records.sudo().mapped(path)
                except (KeyError, MissingError):
                    # a field of the path, or the record, is gone: no reason to stop a deletion
                    continue
                self._touched().setdefault((root_model, "", root_model), set()).update(roots.ids)
        for (model, _path, _root), ids in self._touched(create=False).items():
            if model == records._name:
                ids.difference_update(records.ids)

    def _touched(self, create=True):
        data = self.env.cr.precommit.data
        if TOUCHED not in data and create:
            data[TOUCHED] = {}
            engine = self.browse()._as_engine()
            self.env.cr.precommit.add(engine._judge_touched)
        return data.get(TOUCHED, {})

    # ------------------------------------------------------------------
    # judging
    # ------------------------------------------------------------------

    def _judge_touched(self):
        """Evaluate what the transaction has touched. Never raises: a save is never stopped."""
        # what earlier hooks left to be written must fail as the user's
        self.env.flush_all()
        touched = self.env.cr.precommit.data.pop(TOUCHED, {})
        started = time.monotonic()
        try:
            roots = self._roots(touched)
        except psycopg2.Error:
            # the transaction is lost; PostgreSQL would answer its commit with a silent rollback
            raise
        except Exception:
            # a path that leads nowhere any more; sweeps find what it led to
            _logger.exception("What a save touched could not be followed to its records")
            return
        checks = [
            (self.browse(self._realtime_ids(model)), sorted(ids)) for model, ids in roots.items()
        ]
        checks = [(detectors, ids) for detectors, ids in checks if detectors and ids]
        if checks:
            self._judge(checks, started)

    def _roots(self, touched):
        """Follow the paths from what was touched to the records that are checked."""
        roots = {}
        for (model, path, root_model), ids in touched.items():
            found = ids
            if path and ids:
                records = self.env[model].browse(ids)
                try:
                    found = records.mapped(path).ids
                except MissingError:
                    # deleted by the database (cascade) after it was noted
                    found = records.exists().mapped(path).ids
            roots.setdefault(root_model, set()).update(found)
        return roots

    def _judge(self, checks, started, step=None):
        """Evaluate all detectors over the touched records of their models in one statement.

        :param checks: list of (detectors of one model, ids of its records)
        :param step: judge the records as if they had taken this step
        :return: the detectors that failed
        """
        now, failed, left = fields.Datetime.now(), self.browse(), None
        if not step and self._is_small(checks):
            left = self._ask_memory(now, checks)
            if left and left.is_nothing:
                return failed
        try:
            with self._guarded(self._budget_left(started, share=2), LOCK_TIMEOUT_MS):
                rows = self._fetch_differences(now, checks, step, left)
        except Exception:
            # one bad branch fails the whole statement: find out which one, and let the others
            # do their work; each gets its share of what is left of the budget
            _logger.info("The joint check of a save failed; trying each detector", exc_info=True)
            single = [(detector, ids) for detectors, ids in checks for detector in detectors]
            for position, (detector, ids) in enumerate(single):
                share = len(single) - position
                if not detector._judge_singly(ids, now, started, share, step):
                    failed += detector
            return failed
        by_detector = {}
        for detector_id, *row in rows:
            by_detector.setdefault(detector_id, []).append(row)
        for detector in self.browse(by_detector):
            if not detector._apply_realtime(now, by_detector[detector.id], started, step):
                failed += detector
        return failed

    @api.model
    def _ask_memory(self, now, checks):
        """Return what memory leaves open, outside the guard, which costs two statements.

        None when the definition of a detector has to be read first: one that is broken fails then.
        """
        try:
            if not all(detectors._is_defined() for detectors, _ids in checks):
                return None
            return self._undecided(now, checks)
        except psycopg2.Error:
            # nothing should have been read; as it was, the transaction is lost
            raise
        except Exception:
            _logger.warning("Memory could not be asked; the database is", exc_info=True)
            return None

    @api.model
    def _is_small(self, checks):
        return sum(len(ids) for _detectors, ids in checks) <= GATES_UP_TO

    @api.model
    def _fetch_differences(self, now, checks, step=None, left=None):
        if self._is_small(checks):
            checks = self._pass_gates(now, checks, step, left)
        if not checks:
            return []
        hits = [
            detector._keyed(now, ids, step) for detectors, ids in checks for detector in detectors
        ]
        known = [detectors._known(now, ids) for detectors, ids in checks]
        union = SQL(" UNION ALL ")
        self.env.cr.execute(self._difference(union.join(hits), union.join(known)))
        return self.env.cr.fetchall()

    def _judge_singly(self, ids, now, started, share, step=None):
        """Evaluate one detector; tell whether it could be."""
        try:
            with self._guarded(self._budget_left(started, share), LOCK_TIMEOUT_MS):
                rows = self._key_rows(now, ids, step)
        except Exception as error:
            _logger.warning("Detector %s failed in a save", self.code, exc_info=True)
            self._record_failure(now, error, started)
            return False
        return self._apply_realtime(now, rows, started, step)

    def _apply_realtime(self, now, rows, started, step=None):
        """Open and clear the cases of what was found; tell whether that could be done."""
        if not rows:
            return True
        counts = dict.fromkeys(("opened", "reopened", "cleared"), 0)
        try:
            with self._guarded(self._budget_left(started), LOCK_TIMEOUT_MS):
                new, gone, due_again = self._split_rows(rows)
                cases = self.env["exception.case"].browse(gone)
                counts["cleared"] = len(cases.filtered("is_open"))
                cases._clear()
                hits = self._hit_details(now, new + due_again) if new or due_again else []
                counts["opened"], counts["reopened"] = self._open_hits(now, hits)
                vals = dict(counts, state="done", hits=counts["opened"] + counts["reopened"])
                self._record_run("realtime", vals | self._timing(now, started))
            return True
        except SOMEBODY_ELSE:
            if step:
                # a step must not pass because somebody else is finding the same just now
                raise
            # another transaction opens the same hit right now; if it should fail, a sweep finds it
            _logger.info("Detector %s left a hit to another transaction", self.code)
            return True
        except Exception as error:
            _logger.warning("Cases of detector %s could not be opened", self.code, exc_info=True)
            self._record_failure(now, error, started)
            return False

    def _record_failure(self, now, error, started):
        try:
            with self._guarded():
                self._record_run("realtime", self._failure_of(error) | self._timing(now, started))
        except Exception:
            # even the record of the failure failed; the log is what is left
            _logger.exception("The failure of detector %s could not be recorded", self.code)

    def _timing(self, now, started):
        duration = round((time.monotonic() - started) * 1000)
        return {"started_at": now, "duration_ms": duration}

    def _budget_left(self, started, share=1):
        """Return a share of what is left of the budget, in ms.

        At least 20: enough for a healthy check of a few records even when the budget is spent.
        """
        left = BUDGET_MS - (time.monotonic() - started) * 1000
        return max(20, round(left / share))
