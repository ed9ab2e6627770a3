import time

from odoo import api, fields, models

from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError

# What one call of the Scheduled Action does at most.
BATCH = 500
PATIENCE_SECONDS = 120
# A job looks again after so long when another run is at work on the record.
LOOK_AGAIN_SECONDS = 30


class ExceptionActionRunRecover(models.Model):
    """The background: jobs of outside calls, and what was interrupted, forgotten or left."""

    _inherit = "exception.action.run"

    # ------------------------------------------------------------------
    # jobs
    # ------------------------------------------------------------------

    def _delay(self, seconds=0):
        """Have the run carried out as a job."""
        self.ensure_one()
        delayed = self.with_delay(
            eta=seconds or None,
            description=self.display_name,
            identity_key=f"exception.action.run,{self.id},{self.attempts}",
            # the run counts attempts itself
            max_retries=0,
        )
        self._store({"job_uuid": delayed._execute_job().uuid})

    def _execute_job(self):
        """Carry out as a job of the queue, whose state follows that of the run.

        A failed job is the dead letter: it is shown on the run, tried again or given up there.
        """
        self.ensure_one()
        self._execute()
        if self._works_here():
            return self._job_words()
        # this transaction does not see what was done in others
        state, seconds, text = self._apart(self.id, "_job_verdict") or ("gone", None, "")
        if seconds is not None:
            raise RetryableJobError(text, seconds=seconds, ignore_retry=True)
        if state in ("failed", "unknown"):
            raise FailedJobError(text)
        return text

    def _job_words(self):
        return f"{self.display_name}: {self.state}. {self.error or self.result or ''}"

    def _job_verdict(self):
        """Return (state, seconds until the job looks again or None, text)."""
        seconds = None
        if self.state in ("queued", "unknown") and self.next_try_at:
            seconds = max((self.next_try_at - fields.Datetime.now()).total_seconds(), 1)
        elif self.state in ("queued", "running"):
            seconds = LOOK_AGAIN_SECONDS
        if self.state == "unknown" and not self.action_id.reconcile_action_id:
            seconds = None
        return self.state, seconds and int(seconds), self._job_words()

    # ------------------------------------------------------------------
    # the Scheduled Action
    # ------------------------------------------------------------------

    @api.model
    def _cron_carry_out(self):
        """Carry out what is queued, interrupted, to be asked back about, or not told yet.

        Each run has transactions of its own, so that none keeps another from being done.
        """
        began = time.monotonic()
        for run_id in self._due_ids(BATCH):
            if time.monotonic() - began > PATIENCE_SECONDS:
                break
            self._execute_quietly(run_id)
