import logging
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.job import ATTEMPTS, RETRY, TICK_LOCK, commit, in_test

_logger = logging.getLogger(__name__)

# Small batches: what the tick has not committed makes people wait who save one of its cases.
CASES = 500
CLOCKS = 5000


class ExceptionSlaTick(models.Model):
    """The tick: warns, breaches and escalates what is due.

    Each batch is a transaction of its own. Rows that somebody works on at this moment are left
    to the next tick. What was missed while no tick ran is caught up with: each level is recorded,
    repeated effects are carried out once, and everybody gets one message.
    """

    _inherit = "exception.sla.clock"

    @api.model
    def _tick(self, now=None):
        """Carry out everything that is due; called every minute by its Scheduled Action.

        :param datetime now: naive UTC instant to judge by; default: the current one
        """
        now = now or fields.Datetime.now()
        # sudo: the clocks of every company, whoever runs the action
        clocks = self.sudo()
        with clocks._alone() as alone:
            if not alone:
                return
            clocks._carry_out(now)
            # sudo: as above
            self.env["exception.escalation.event"].sudo()._send_messages(now)
            clocks._end_of_batch()

    def _carry_out(self, now):
        """Warn, breach and escalate what is due; messages are still to be sent."""
        self._follow_changes()
        self._reschedule_changed()
        self._mark_due(self._warn, now)
        self._mark_due(self._breach, now)
        self._escalate_due(now)

    @contextmanager
    def _alone(self):
        """Tell whether no other process ticks; the lock is held on a cursor of its own.

        What was read before is forgotten: the former holder may have changed it.
        """
        with self.pool.cursor() as lock_cr:
            lock_cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, 1)", TICK_LOCK))
            alone = lock_cr.fetchone()[0]
            if alone:
                self._end_of_batch()
            yield alone

    def _end_of_batch(self):
        """Keep what a batch did, and see what others have changed meanwhile."""
        commit(self.env)
        self.env.invalidate_all()

    def _retried(self, batch, *args):
        """Run a batch until nobody comes between; return what it returns."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                result = batch(*args)
                self._end_of_batch()
                return result
            except RETRY:
                if in_test() or attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return None

    # ------------------------------------------------------------------
    # warnings and breaches
    # ------------------------------------------------------------------

    def _mark_due(self, mark, now):
        """Warn or breach batch by batch; a batch that fails does not stop what comes after."""
        try:
            while self._retried(mark, now):
                pass
        except Exception:
            self._give_up("The tick could not mark clocks")

    def _warn(self, now):
        return self._mark(
            "warned",
            SQL("warned_at = %s", now),
            SQL("warned_at IS NULL AND warn_at <= %s", now),
        )

    def _breach(self, now):
        # at its very second a promise can still be kept
        return self._mark(
            "breached",
            SQL("state = 'breached', breached_at = deadline"),
            SQL("deadline < %s", now),
        )

    def _mark(self, mark, change, condition):
        """Change a batch of running clocks of open cases; return how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE exception_sla_clock SET %s WHERE id IN (
                       SELECT clock.id FROM exception_sla_clock AS clock
                         JOIN exception_case AS c ON c.id = clock.case_id AND c.is_open
                        WHERE clock.state = 'running' AND %s
                        LIMIT %s FOR NO KEY UPDATE OF clock SKIP LOCKED)
                RETURNING id""",
                change,
                condition,
                CLOCKS,
            )
        )
        clocks = self.browse(row[0] for row in self.env.cr.fetchall())
        clocks._marked(mark)
        return len(clocks)

    def _marked(self, mark):
        """Follow clocks that were just marked as ``warned`` or ``breached``.

        An addon that tells others of it extends this.
        """

    # ------------------------------------------------------------------
    # levels
    # ------------------------------------------------------------------

    def _escalate_due(self, now):
        """Carry out the levels that are due, batch by batch."""
        after, problems = (fields.Datetime.from_string("1970-01-01"), 0), defaultdict(list)
        try:
            while after:
                after, found = self._retried(self._escalate_batch, after, now)
                for policy_id, texts in found.items():
                    problems[policy_id] += texts
        except Exception:
            self._give_up("The tick could not escalate")
        # sudo: the job's own doing, as everything in the tick
        self.env["exception.escalation.policy"].sudo()._report_problems(problems)
        self._end_of_batch()

    def _escalate_batch(self, after, now):
        """Carry out a batch of levels; return where to go on, None at the end, and problems."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT clock.id, clock.next_level_at FROM exception_sla_clock AS clock
                     JOIN exception_case AS c ON c.id = clock.case_id
                    WHERE clock.next_level_at <= %s AND (clock.next_level_at, clock.id) > (%s, %s)
                    ORDER BY clock.next_level_at, clock.id LIMIT %s
                      FOR NO KEY UPDATE OF clock, c SKIP LOCKED""",
                now,
                *after,
                CASES,
            )
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return None, {}
        clocks = self.browse(clock_id for clock_id, _at in rows)
        problems = clocks._escalate_safely(now)
        return (rows[-1][1], rows[-1][0]), problems

    # ------------------------------------------------------------------
    # changes of configuration
    # ------------------------------------------------------------------

    def _follow_changes(self):
        """Plan anew what saved policies, hours and holidays moved, before it is judged."""
        try:
            self._apply_changes()
            self._end_of_batch()
        except Exception:
            self._give_up("The clocks could not follow the changes of what was promised")

    def _reschedule_changed(self):
        """Plan the levels of all live clocks anew when a policy has changed."""
        policies = self.env["exception.escalation.policy"].with_context(active_test=False)
        changed = policies.search([("is_scheduled", "=", False)])
        if not changed:
            return
        try:
            last_id = 0
            while last_id is not None:
                last_id = self._retried(self._reschedule_batch, last_id)
            self._retried(changed.write, {"is_scheduled": True})
        except Exception:
            self._give_up("The levels could not be planned anew")

    def _reschedule_batch(self, last_id):
        live = [("state", "in", ("running", "breached")), ("stopped_at", "=", False)]
        clocks = self.search([*live, ("id", ">", last_id)], order="id", limit=CLOCKS)
        clocks._schedule_levels()
        return clocks[-1].id if clocks else None

    def _give_up(self, text):
        """Keep a failing part of the tick from the other parts; the next tick tries again."""
        _logger.exception("%s", text)
        if not in_test():
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
