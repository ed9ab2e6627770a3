from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools.job import RUN_LOCK

# A run whose server was stopped so often is not tried again by itself.
MOST_INTERRUPTIONS = 5
BATCH = 200


class ExceptionActionRunRecover(models.Model):
    """What was interrupted: found by its lock, which died with the process."""

    _inherit = "exception.action.run"

    def _recover(self):
        """Say what a run was worth whose process is gone; its transaction was rolled back."""
        self.ensure_one()
        if self.interruptions + 1 >= MOST_INTERRUPTIONS:
            self.write(
                self._end_values(
                    "failed",
                    error=_(
                        "The server stopped %s times while this was at work. Nothing of it was "
                        "kept.",
                        self.interruptions + 1,
                    ),
                    interruptions=self.interruptions + 1,
                    ended_at=fields.Datetime.now(),
                    told=False,
                )
            )
            return
        self.write(self._end_values("queued", interruptions=self.interruptions + 1))

    def _execute_job(self):
        """Carry out as a job of the queue."""
        self._execute()

    @api.model
    def _cron_carry_out(self):
        """Carry out what is queued, interrupted or untold, one run after the other."""
        for run_id in self._due_ids():
            self._execute_apart(run_id)

    @api.model
    def _due_ids(self):
        """Return the runs that somebody should look at, without those at work now."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM exception_action_run
                 WHERE (state = 'running'
                        OR state = 'queued' AND COALESCE(next_try_at, %s) <= %s
                        OR told IS NOT TRUE)
                   AND NOT EXISTS (SELECT FROM pg_locks
                                    WHERE locktype = 'advisory' AND classid = %s
                                      AND objid = exception_action_run.id
                                      AND database = (SELECT oid FROM pg_database
                                                       WHERE datname = current_database()))
              ORDER BY id LIMIT %s
                """,
                fields.Datetime.now(),
                fields.Datetime.now(),
                RUN_LOCK,
                BATCH,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]
