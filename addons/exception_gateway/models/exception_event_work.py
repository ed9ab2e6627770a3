import logging
import random
from datetime import datetime, timedelta

import psycopg2

from odoo import _, api, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.audit_seal import tested
from odoo.addons.exception_core.tools.job import ATTEMPTS, RETRY, commit

from ..tools import event_row
from ..tools.outcome import STATES, Outcome

_logger = logging.getLogger(__name__)

# After which time a failed event is tried again, in seconds; when all are used up it is dead.
PATIENCE = (30, 120, 600, 3600, 4 * 3600)
# A failure that many events share must not bring them all back in the same second.
JITTER = 0.2
LONGEST_REASON = 500


class ExceptionEventWork(models.Model):
    """One batch of events: what they ask for and what became of them are one transaction."""

    _inherit = "exception.event"

    def _work(self):
        """Work on a claimed batch: all at once, or one by one when that fails."""
        if not self:
            return
        try:
            self._attempt(self._start_work)
        except Exception:
            # which of them it was shows when each is alone; nothing of the batch was kept
            _logger.info("A batch of %s events goes on one by one", len(self), exc_info=True)
            self._start_over()
            for event in self:
                event._work_alone()

    def _work_alone(self):
        """Work on one claimed event; one that fails says so, and is tried again later."""
        try:
            if self._attempt(self._count_try):
                self._attempt(self._finish_work)
        except Exception as error:
            # a connection that is gone raises again here; then the event is taken up by the next
            self._start_over()
            _logger.warning("Event %s failed", self.id, exc_info=True)
            outcome = Outcome("failed", self._words_of_failure(error))
            self._attempt(lambda: self._settle({self.id: outcome}))

    @api.model
    def _words_of_failure(self, error):
        """Return what people who see the event read about an error."""
        words = str(error).strip()
        if isinstance(error, psycopg2.Error):
            # what follows the first line quotes the values of whole rows
            words = words.partition("\n")[0]
        return words or type(error).__name__

    def _attempt(self, step):
        """Take a step in a savepoint and commit it; when somebody interferes, take it again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    result = step()
                commit(self.env)
                self.env.invalidate_all(flush=False)
                return result
            except RETRY:
                if tested(self.env) or attempt == ATTEMPTS:
                    raise
                self._start_over()

    def _start_over(self):
        """Forget what this transaction did; in a test the savepoint has done that."""
        if not tested(self.env):
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _start_work(self):
        # a batch counts as a try only when it ends: events are not to die of their neighbours
        held = self._lock_rows()
        held._settle(held._understand(), tried=True)

    def _finish_work(self):
        held = self._lock_rows()
        if held:
            held._settle(held._understand())

    def _count_try(self):
        """Count a try before it begins: the process may die of it. Return whether it may begin."""
        held = self._lock_rows()
        if not held:
            return False
        if held.attempts > len(PATIENCE):
            words = _("The process ended %s times while it worked on this event.", held.attempts)
            held._settle({held.id: Outcome("dead", words)})
            return False
        self.env.cr.execute(
            SQL(
                "UPDATE exception_event SET attempts = COALESCE(attempts, 0) + 1 WHERE id = %s",
                self.id,
            )
        )
        return True

    def _lock_rows(self):
        """Lock those of the events that are still ours.

        Should the lock of the endpoint be lost with its connection, two processes would have the
        same events: then the second one waits here, and finds that they are not waiting any more.
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM exception_event WHERE id = ANY(%s) AND state = 'processing'"
                " FOR NO KEY UPDATE",
                self.ids,
            )
        )
        held = {row[0] for row in self.env.cr.fetchall()}
        self.invalidate_recordset(flush=False)
        return self.filtered(lambda event: event.id in held)

    # ------------------------------------------------------------------
    # what became of them
    # ------------------------------------------------------------------

    def _settle(self, outcomes, tried=False):
        """Write down what became of the events, in one statement for each set of columns.

        :param dict outcomes: {event id: Outcome}; each event must have one
        :param bool tried: this was a try that has not been counted yet
        """
        self.env.flush_all()
        now = datetime.utcnow()
        groups = {}
        for event in self:
            values = event._final_values(outcomes[event.id], now, event.attempts + int(tried))
            groups.setdefault(tuple(values), []).append((event.id, *values.values()))
        for names, rows in groups.items():
            self._update_rows(names, rows)
        self.invalidate_recordset(flush=False)

    def _final_values(self, outcome, now, attempts):
        """Return the columns to write for an outcome, as the database takes them."""
        if outcome.state not in STATES:
            raise ValueError(f"An event cannot become {outcome.state}")
        state, reason, next_at = outcome.state, outcome.reason, None
        if state == "failed":
            if attempts > len(PATIENCE):
                state = "dead"
            else:
                wait = PATIENCE[max(attempts, 1) - 1] * (1 + random.uniform(0, JITTER))
                next_at = now + timedelta(seconds=wait)
        values = {
            "state": state,
            # an error may repeat what no column takes
            "reason": event_row.plain(" ".join(str(reason or "").split()), LONGEST_REASON),
            "attempts": attempts,
            "next_at": next_at,
            "done_at": now if state in ("done", "ignored", "dead") else None,
        }
        for name, value in outcome.values.items():
            values[name] = self._fields[name].convert_to_column(value, self)
        return values

    def _update_rows(self, names, rows):
        columns = [
            SQL("%s::%s[]", [row[at] for row in rows], SQL(self._fields[name].column_type[1]))
            for at, name in enumerate(names, start=1)
        ]
        sets = [SQL("%s = new.%s", SQL.identifier(n), SQL.identifier(n)) for n in names]
        self.env.cr.execute(
            SQL(
                "UPDATE exception_event SET %s FROM unnest(%s::int[], %s) AS new (id, %s)"
                " WHERE exception_event.id = new.id",
                SQL(", ").join(sets),
                [row[0] for row in rows],
                SQL(", ").join(columns),
                SQL(", ").join(map(SQL.identifier, names)),
            )
        )
