import logging
import math
import time
from datetime import timedelta
from functools import partial

import odoo
from odoo import SUPERUSER_ID, api, fields, models

_logger = logging.getLogger(__name__)

IDENTITY = "exception.delivery.drain"
# A job begins so long after it is asked for, and does what came meanwhile: one job for many events.
GATHER_SECONDS = 1
# Retries that are due sooner get a job of their own; later ones are the sweeper's.
SOON = timedelta(minutes=2)
# Jobs for retries are told apart by so many seconds: retries of one moment share one.
RETRY_SECONDS = 10

# When each database was woken last by this process.
_woken = {}


class ExceptionDeliveryWake(models.Model):
    """Who starts the sending: one job for whatever waits, never one for each message.

    A process asks for a job at most once a second, after the commit. What a lost wake-up leaves
    behind, the sweeper finds within a minute.
    """

    _inherit = "exception.delivery"

    @api.model
    def _wake_after_commit(self):
        after = self.env.cr.postcommit
        if not after.data.get("exception_delivery"):
            after.data["exception_delivery"] = True
            after.add(partial(_wake, self.env.cr.dbname))

    @api.model
    def _enqueue(self, seconds=GATHER_SECONDS, identity=IDENTITY):
        """Ask for a job that sends what waits; asked again before it began, it is one."""
        self.with_delay(
            eta=math.ceil(seconds),
            identity_key=identity,
            description="Send events",
            # what fails is tried again by itself, message by message
            max_retries=1,
        )._drain()

    @api.model
    def _cron_sweep(self):
        """Start what a lost wake-up left, give up what is too old, and forget what is told."""
        self._expire()
        self._retain()
        if self._due_ids():
            self._enqueue(0)

    @api.model
    def _enqueue_next(self):
        """Ask for a job when the next retry is due, if that is soon.

        It has an identity of its own: else what happens meanwhile, and whoever presses *Try now*,
        would be taken for asking for the same job, and wait as long.
        """
        now = fields.Datetime.now()
        next_at = self._next_at()
        if next_at and next_at - now <= SOON:
            moment = int(next_at.timestamp()) // RETRY_SECONDS
            seconds = max((next_at - now).total_seconds(), GATHER_SECONDS)
            self._enqueue(seconds, f"{IDENTITY}.{moment}")


def _wake(dbname):
    now = time.monotonic()
    if now - _woken.get(dbname, -GATHER_SECONDS) < GATHER_SECONDS:
        # the job that was asked for a moment ago begins after this commit
        return
    _woken[dbname] = now
    try:
        with odoo.registry(dbname).cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["exception.delivery"]._enqueue()
    except Exception:
        # whoever committed has nothing to do with it; the sweeper follows
        _logger.exception("The sending of events could not be started")
