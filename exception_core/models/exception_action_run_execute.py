import logging
import time

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.tools import SQL

from ..tools.action_errors import ActionRefused
from ..tools.job import ATTEMPTS, BREAKER_LOCK, BUDGET_LOCK, RETRY, RUN_LOCK, in_test

_logger = logging.getLogger(__name__)

# What one request does at once after its commit; the rest is left to the background.
PATIENCE_SECONDS = 10


class ExceptionActionRunExecute(models.Model):
    """Carrying out a run, at most once.

    Four steps, each in a transaction of its own and all under one lock that dies with the
    process: *claim* (queued → running, after which a killed run can be found), *perform* (what
    the action does and the state "done" in one commit, so that both are there or neither),
    *settle* (what a failure means), *tell* (the case, the playbook, the trail). The locks are
    taken on cursors of their own, because a lock taken inside a transaction does not renew its
    snapshot.
    """

    _inherit = "exception.action.run"

    # ------------------------------------------------------------------
    # when
    # ------------------------------------------------------------------

    def _queue(self, **vals):
        """Put the runs into the queue and see to it that somebody carries them out."""
        for run in self:
            run._store(run._end_values("queued", told=True, **vals))
            run._schedule()

    def _schedule(self, seconds=0):
        """Have the run carried out: outside calls as a job, others right after the commit."""
        self.ensure_one()
        if self.action_id.is_external:
            self._delay(seconds)
        elif self._works_here():
            self._execute()
        elif not seconds:
            self._execute_after_commit()

    def _execute_after_commit(self):
        """Carry out when the transaction that asked for it is committed, in the same thread.

        If the process dies before, the Scheduled Action finds the queued run.
        """
        callbacks = self.env.cr.postcommit
        if "exception_action_runs" in callbacks.data:
            callbacks.data["exception_action_runs"].append(self.id)
            return
        ids = callbacks.data["exception_action_runs"] = [self.id]
        registry = self.pool

        @callbacks.add
        def execute():
            began = time.monotonic()
            for run_id in ids:
                if time.monotonic() - began > PATIENCE_SECONDS:
                    break
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["exception.action.run"]._execute_quietly(run_id)

    def _works_here(self):
        """Tell whether runs stay in this transaction: a test takes it back at its end."""
        return in_test() or self.pool.in_test_mode()

    # ------------------------------------------------------------------
    # the steps
    # ------------------------------------------------------------------

    def _execute(self):
        """Carry out queued runs, each at most once, whoever else tries at the same moment."""
        for run in self.sudo():  # sudo: runs are written by the model only
            if run._works_here():
                run._execute_here()
            else:
                run._execute_apart(run.id)

    @api.model
    def _execute_quietly(self, run_id):
        """Carry out one run where nobody is left to answer; the next look goes on."""
        try:
            self._execute_apart(run_id)
        except Exception:
            _logger.exception("Run %s could not be carried out", run_id)

    @api.model
    def _execute_apart(self, run_id):
        """Carry out one run in transactions of its own, and what waited for it."""
        todo = [run_id]
        while todo:
            run_id = todo.pop(0)
            if self._execute_locked(run_id):
                todo += self._apart(run_id, "_waiting_ids") or []

    @api.model
    def _execute_locked(self, run_id):
        """Carry out one run, unless somebody else does at this moment; tell whether it was us."""
        with self.pool.cursor() as lock_cr:
            lock_cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", RUN_LOCK, run_id))
            if not lock_cr.fetchone()[0]:
                return False
            self._apart(run_id, "_ask_back")
            attempt = self._claim_apart(run_id)
            if attempt:
                self._perform_apart(run_id, attempt)
            self._apart(run_id, "_tell")
            return bool(attempt)

    @api.model
    def _claim_apart(self, run_id):
        with self.pool.cursor() as gate_cr:
            # one after the other, so that each sees what the others have used up
            gate_cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(%s, action_id),"
                    " pg_advisory_xact_lock(%s, type_id)"
                    " FROM exception_action_run WHERE id = %s",
                    BUDGET_LOCK,
                    BREAKER_LOCK,
                    run_id,
                )
            )
            return self._apart(run_id, "_claim")

    @api.model
    def _perform_apart(self, run_id, attempt):
        sent = []
        try:
            self._apart(run_id, "_perform", attempt, sent)
        except Exception as error:
            # whatever an action does wrong is an outcome of its run
            _logger.warning("Run %s failed", run_id, exc_info=True)
            self._apart(run_id, "_settle", error, attempt, sent)

    @api.model
    def _apart(self, run_id, method, *args):
        """Call a method of one run in a transaction of its own; conflicts are tried again.

        Never again what may have called the outside: that it happened would be forgotten.
        """
        for left in reversed(range(ATTEMPTS)):
            try:
                with self.pool.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    run = env["exception.action.run"].browse(run_id).exists()
                    once = method == "_perform" and run.action_id.is_external
                    return getattr(run, method)(*args) if run else None
            except RETRY:
                if once or not left:
                    raise
        return None

    def _execute_here(self):
        """Carry out in the running transaction, in a savepoint: for tests."""
        self.ensure_one()
        self._ask_back()
        if attempt := self._claim():
            sent = []
            try:
                with self.env.cr.savepoint():
                    self._perform(attempt, sent)
            except Exception as error:
                self.env.invalidate_all(flush=False)
                self._settle(error, attempt, sent)
        self._tell()

    # ------------------------------------------------------------------
    # claim
    # ------------------------------------------------------------------

    def _claim(self):
        """Begin the run, if it may begin now; return the number of the attempt, else None."""
        self.ensure_one()
        self._locked()
        if self.state == "running":
            # the lock is ours, so whoever had begun it is gone
            self._recover()
        if self.state != "queued" or not self._is_time():
            return None
        if rival := self._rival():
            self._store({"waits_for_id": rival.id, "why": self._waiting_words(rival)})
            return None
        if refusal := self._refuse_begin():
            self._hold_back(refusal)
            return None
        self._store(
            {
                **self._end_values("running"),
                "attempts": self.attempts + 1,
                "started_at": fields.Datetime.now(),
                "error": False,
            }
        )
        if self.action_id.is_external:
            # the outside must not be called twice because a crash lost this commit
            self.env.cr.execute(SQL("SET LOCAL synchronous_commit TO on"))
        return self.attempts

    def _is_time(self):
        return not self.next_try_at or self.next_try_at <= fields.Datetime.now()

    def _rival(self):
        """Return the run that works on the same record, or may have: one at a time."""
        domain = [("record_key", "=", self.record_key), ("state", "in", ("running", "unknown"))]
        return self.search([*domain, ("id", "!=", self.id)], limit=1)

    def _waiting_words(self, rival):
        if rival.state == "unknown":
            return _("It waits until it is known what became of %s.", rival.display_name)
        return _("It waits for %s, which is at work on the same record.", rival.display_name)

    def _waiting_ids(self):
        """Return the runs that waited for this one."""
        domain = [("waits_for_id", "=", self.id), ("state", "=", "queued")]
        return self.search(domain, order="id").ids

    def _hold_back(self, refusal):
        """Give a run that must not begin back to people."""
        self._store(self._end_values("proposed", why=refusal))

    # ------------------------------------------------------------------
    # perform
    # ------------------------------------------------------------------

    def _perform(self, attempt, sent=None):
        """Do it, and say in the same transaction that it is done.

        :param list sent: gets what was sent to the outside, which no rollback takes back
        """
        self._locked()
        if self.state != "running" or self.attempts != attempt:
            return
        began = time.monotonic()
        target = self._target().exists()
        if not target:
            raise ActionRefused(_("The record is gone."))
        running = self._running(sent)
        before = self._declared(target)
        self._do(running)
        self.env.flush_all()
        self._store(
            {
                **self._end_values("done"),
                "before": before,
                "after": self._declared(target),
                "result": "\n".join(running.said) or False,
                "outcome": running.kept,
                "ended_at": fields.Datetime.now(),
                "duration": time.monotonic() - began,
                "told": False,
            }
        )
        self._done()
        self.env.flush_all()
        if not self.action_id.is_external:
            # an outside call must not be forgotten because the rest meets a conflict
            self._tell()
