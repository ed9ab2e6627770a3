import logging
from datetime import timedelta

import psycopg2

from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools.job import ATTEMPTS, RETRY, commit, in_test

_logger = logging.getLogger(__name__)

# A process that says nothing for so long has died: somebody else goes on.
LEASE = timedelta(minutes=5)
# So often may a process die over one step before a person is asked.
MOST_ATTEMPTS = 3
# Steps in one run of the Scheduled Action; what is left comes a minute later.
MOST_STEPS = 5000


class ExceptionPlaySweep(models.Model):
    """The Scheduled Action that takes every step that is due, in as many processes as there are.

    A step is two transactions. The first says "I begin" for five minutes; the second, which holds
    the row, carries it out. When a process dies in between, the play is due again after those
    minutes; when it dies three times over one step, the play stops and says so.
    """

    _inherit = "exception.play"

    @api.model
    def _cron_playbook(self, now=None):
        """Advance what is due: waits and time limits that are over, events, lost processes.

        :param datetime now: naive UTC instant to judge by; default: the current one
        """
        # sudo: of every company, whoever runs it
        plays = self.sudo()
        for _number in range(MOST_STEPS):
            play = plays._claim(now or fields.Datetime.now())
            if not play:
                return
            play._take_turn(now)
        self.env["ir.cron"]._exception_soon("exception_core.ir_cron_playbook")

    @api.model
    def _claim(self, now):
        """Take the play that is due longest, unless another process has it; empty: none is."""
        self.env.flush_all()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                row = self._claim_row(now)
                commit(self.env)
                break
            except RETRY:
                if in_test() or attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        return self.browse(row)

    @api.model
    def _claim_row(self, now):
        self.env.cr.execute(
            SQL(
                """
                UPDATE exception_play SET attempts = attempts + 1, due_at = %s
                 WHERE id = (
                       SELECT play.id FROM exception_play AS play
                        WHERE play.due_at <= %s
                           OR play.state = 'waiting' AND play.attempts = 0 AND play.id IN (
                              SELECT event.play_id FROM exception_play_event AS event
                               WHERE event.is_new)
                        ORDER BY play.due_at NULLS LAST, play.id
                        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id
                """,
                now + LEASE,
                now,
            )
        )
        row = self.env.cr.fetchone()
        return row or ()

    def _take_turn(self, now=None):
        """Advance a claimed play by one step, and keep it; whatever fails is told on the play."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._turn(now or fields.Datetime.now())
                commit(self.env)
                self.env.invalidate_all()
                return
            except RETRY:
                if in_test():
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == ATTEMPTS:
                    self._leave_for_later()
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                # the database is gone: the next run finds the play when its minutes are over
                raise
            except Exception as error:
                _logger.exception("Play %s could not be advanced", self.id)
                if in_test():
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                self._as_robot()._break_off(error)
                commit(self.env)
                return

    def _turn(self, now):
        play = self._lock(wait=False)._as_robot()
        if not play:
            # somebody works with it at this moment, and goes on with it
            return
        if play.attempts > MOST_ATTEMPTS:
            play._break_off(
                _(
                    "the process ended %s times while it did this step. Look at the server's log, "
                    "then try the step again.",
                    MOST_ATTEMPTS,
                )
            )
            return
        play._advance(now)

    def _leave_for_later(self):
        """Give the claim back: people change the case all the time; it is nobody's death."""
        _logger.info("Play %s is changed all the time; left for the next run", self.id)
        self.env.cr.execute(
            SQL("UPDATE exception_play SET attempts = 0 WHERE id = ANY(%s)", self.ids)
        )
        commit(self.env)
