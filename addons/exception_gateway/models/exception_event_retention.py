import logging
import time
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.audit_seal import tested
from odoo.addons.exception_core.tools.job import commit

_logger = logging.getLogger(__name__)

# Rows in one transaction.
BATCH = 1000
# How long one run goes on, in seconds; the next night goes on.
SECONDS = 600


class ExceptionEventRetention(models.Model):
    """How long events are kept. What is still to be done with them is never removed.

    The content of an event goes first: of those that are done or ignored, unless a case that is
    open refers to them. Later the whole row goes, of dead letters as well, unless a case, open or
    closed, or another event refers to it. With the row the memory of it goes, too: a message that
    comes again after that is new.
    """

    _inherit = "exception.event"

    @api.model
    def _cron_retention(self):
        """Remove what has been kept for long enough, in small transactions."""
        until = time.monotonic() + SECONDS
        # sudo: of every company, whoever runs it
        endpoints = self.env["exception.event.endpoint"].sudo().with_context(active_test=False)
        for endpoint in endpoints.search([]):
            now = fields.Datetime.now()
            removed = 0
            for days, step in (
                (endpoint.keep_body_days, self._remove_contents),
                (endpoint.keep_days, self._remove_rows),
            ):
                while days and time.monotonic() < until:
                    count = self._remove(step, endpoint.id, now - timedelta(days=days))
                    removed += count
                    if count < BATCH:
                        break
            if removed:
                _logger.info("Retention of endpoint %s: %s events", endpoint.id, removed)

    @api.model
    def _remove(self, step, endpoint_id, before):
        """Take one step of retention in a transaction of its own; return how many rows it met."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(step(endpoint_id, before))
                count = self.env.cr.rowcount
            commit(self.env)
        except psycopg2.IntegrityError as error:
            # something of another addon refers to one of them, and says that it must stay
            _logger.warning("Events of endpoint %s stay: %s", endpoint_id, error)
            count = 0
        except psycopg2.errors.SerializationFailure:
            if tested(self.env):
                raise
            self.env.cr.rollback()
            count = BATCH
        self.invalidate_model(flush=False)
        return count

    @api.model
    def _remove_contents(self, endpoint_id, before):
        return SQL(
            """
            UPDATE exception_event SET body = NULL, headers = NULL WHERE id IN (
                SELECT event.id FROM exception_event event
                 WHERE event.endpoint_id = %s AND event.received_at < %s
                   AND event.body IS NOT NULL AND event.state IN ('done', 'ignored')
                   AND NOT %s
                 LIMIT %s)
            """,
            endpoint_id,
            before,
            self._referred(SQL("exception_case.is_open")),
            BATCH,
        )

    @api.model
    def _remove_rows(self, endpoint_id, before):
        return SQL(
            """
            DELETE FROM exception_event WHERE id IN (
                SELECT event.id FROM exception_event event
                 WHERE event.endpoint_id = %s AND event.received_at < %s
                   AND event.state IN ('done', 'ignored', 'dead')
                   AND NOT %s
                   AND NOT EXISTS (SELECT FROM exception_event other
                                    WHERE other.parent_id = event.id
                                       OR other.replay_of_id = event.id)
                 LIMIT %s)
            """,
            endpoint_id,
            before,
            self._referred(SQL("TRUE")),
            BATCH,
        )

    @api.model
    def _referred(self, which):
        """Return the condition that a case refers to the row ``event``.

        :param SQL which: condition on the case
        """
        return SQL(
            """
            (EXISTS (SELECT FROM exception_case_event_rel link
                       JOIN exception_case ON exception_case.id = link.case_id
                      WHERE link.event_id = event.id AND %(which)s)
             OR EXISTS (SELECT FROM exception_case
                         WHERE exception_case.res_model = 'exception.event'
                           AND exception_case.res_id = event.id AND %(which)s))
            """,
            which=which,
        )
