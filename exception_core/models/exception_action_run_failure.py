import random
from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.action_errors import ActionError, ActionNotSent, ActionRefused
from ..tools.action_key import retry_seconds

# A run whose server was stopped so often is given to people.
MOST_INTERRUPTIONS = 5
# Before a call is asked back about, it must be over.
ASK_AFTER_SECONDS = 30


class ExceptionActionRunFailure(models.Model):
    """What a failure means: tried again, given to people, or asked back about.

    What only touched the database left nothing behind: its transaction was rolled back. What
    called the outside may have been heard, so unless it is certain that nothing was sent its
    outcome is unknown, and nothing is sent again before it is known.
    """

    _inherit = "exception.action.run"

    attempts_before = fields.Integer(
        readonly=True, help="Attempts before a person had it tried again."
    )

    # ------------------------------------------------------------------
    # failures
    # ------------------------------------------------------------------

    def _settle(self, error, attempt, sent=()):
        """Write down what a failure of this attempt means.

        :param sent: what the attempt had sent to the outside before it failed
        """
        self.ensure_one()
        self._locked()
        if self.state != "running" or self.attempts != attempt:
            return
        error = _unwrapped(error)
        text = self._error_text(error)
        if self._may_have_acted(error, sent):
            self._become_unknown(text)
        elif isinstance(error, UserError | AccessError | ActionRefused):
            self._fail(text)
        else:
            self._try_again(text, getattr(error, "seconds", None))

    def _may_have_acted(self, error, sent=()):
        """Tell whether the outside may have acted although the attempt failed."""
        if not self.action_id.is_external:
            return False
        known = (UserError, AccessError, ActionRefused, ActionNotSent)
        # after the call every error comes too late to mean that nothing was sent
        return bool(sent) or not isinstance(error, known)

    @api.model
    def _error_text(self, error):
        text = str(error).strip()
        if isinstance(error, UserError | ActionError) and text:
            return text
        return f"{type(error).__name__}: {text}" if text else type(error).__name__

    def _fail(self, text):
        self._store(
            self._end_values("failed", error=text, ended_at=fields.Datetime.now(), told=False)
        )

    def _try_again(self, text, least=None):
        """Queue again after the next wait of the retry pattern; without one left: failed."""
        tried = self.attempts - self.attempts_before
        seconds = retry_seconds(self.action_id.retry_pattern, tried)
        if seconds is None:
            self._fail(_("Tried %(count)s times. %(error)s", count=tried, error=text))
            return
        # a little later each, so that those that failed together do not come back together
        seconds = max(seconds, least or 0) * random.uniform(1, 1.2)
        when = fields.Datetime.now() + timedelta(seconds=seconds)
        self._store(self._end_values("queued", error=text, next_try_at=when))

    def _become_unknown(self, text):
        seconds = self.action_id.timeout_seconds + ASK_AFTER_SECONDS
        self._store(
            self._end_values(
                "unknown",
                error=text,
                next_try_at=fields.Datetime.now() + timedelta(seconds=seconds),
                asked_back=0,
                told=False,
            )
        )

    def _recover(self):
        """Say what became of a run whose process is gone."""
        self.ensure_one()
        count = self.interruptions + 1
        self._store({"interruptions": count})
        if self.action_id.is_external:
            self._become_unknown(_("The server stopped while the outside was called."))
        elif count >= MOST_INTERRUPTIONS:
            self._fail(
                _(
                    "The server stopped %s times while this was at work. Nothing of it was kept.",
                    count,
                )
            )
        else:
            text = _("The server stopped while this was at work. Nothing of it was kept.")
            self._store(self._end_values("queued", error=text))

    # ------------------------------------------------------------------
    # asking back
    # ------------------------------------------------------------------

    def _ask_back(self):
        """Find out what became of a call, if that is due and can be asked."""
        self.ensure_one()
        if self.state != "unknown" or not self.action_id.reconcile_action_id:
            return
        if not self.next_try_at or self.next_try_at > fields.Datetime.now():
            return
        self._locked()
        running = self._running()
        try:
            with self.env.cr.savepoint():
                self._run_code(self.action_id.reconcile_action_id, running)
        except Exception as error:
            # no answer is no answer; it is asked again, and people see what it said
            self.env.invalidate_all(flush=False)
            running.said.append(self._error_text(_unwrapped(error)))
        self._answered(running)

    def _answered(self, running):
        text = "\n".join(running.said)
        if running.found is not None:
            self._found_out(running.found, text)
            return
        seconds = retry_seconds(self.action_id.retry_pattern, self.asked_back + 1)
        values = {"asked_back": self.asked_back + 1, "next_try_at": False}
        if seconds is not None:
            values["next_try_at"] = fields.Datetime.now() + timedelta(seconds=seconds)
        if text:
            values["error"] = text
        self._store(values)

    def _found_out(self, done, text):
        """Go on knowing what became of the call."""
        if not done:
            self._fail_or_queue(text)
            return
        self._store(
            self._end_values(
                "done",
                result=text or False,
                error=False,
                ended_at=fields.Datetime.now(),
                told=False,
            )
        )
        self._done()

    def _fail_or_queue(self, text):
        """The outside did nothing: try again, as after a call that was not sent."""
        self._try_again(text or _("The outside has done nothing."))

    # ------------------------------------------------------------------
    # what nobody is at work on
    # ------------------------------------------------------------------

    @api.model
    def _due_ids(self, limit):
        """Return the runs that somebody should look at, without those at work at this moment.

        Outside calls have a job of their own; they are taken over when it does not come.
        """
        now = fields.Datetime.now()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT run.id
                  FROM exception_action_run AS run
                  JOIN exception_action AS action ON action.id = run.action_id
                 WHERE run.state = 'running'
                    OR run.told IS NOT TRUE
                    OR run.state = 'queued'
                       AND COALESCE(run.next_try_at, run.queued_at)
                           <= CASE WHEN action.is_external THEN %s ELSE %s END
                    OR run.state = 'unknown' AND run.next_try_at <= %s
                       AND action.reconcile_action_id IS NOT NULL
              ORDER BY run.id
                 LIMIT %s
                """,
                now - timedelta(minutes=5),
                now,
                now,
                limit,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]


def _unwrapped(error):
    """Return what really went wrong: code of Server Actions hides it in a ValueError."""
    while type(error) is ValueError and isinstance(error.__context__, Exception):
        error = error.__context__
    return error
