import logging
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.audit_seal import tested
from odoo.addons.exception_core.tools.job import commit

_logger = logging.getLogger(__name__)

# First key of an advisory lock; the second one is the endpoint that is worked on.
DRAIN_LOCK = 1_704_021
# Events in one transaction, and how much content: all of it is in memory at once.
BATCH = 200
BATCH_BYTES = 8 * 1024 * 1024
# How long one job or one run of the Scheduled Action goes on, in seconds; then comes the next.
SECONDS = 45
JOB_KEY = "exception_gateway.drain"
# When somebody else works on an endpoint: what came since they took their last batch is looked
# after so many seconds later.
BUSY_SECONDS = 5
# A job of its own: it is not to make events of other endpoints wait for it.
BUSY_KEY = f"{JOB_KEY}.busy"


class ExceptionEventDrain(models.Model):
    """Takes up what was received, in as many processes as there are, each event once.

    One process works on an endpoint at a time: it holds an advisory lock on a connection of its
    own, so that it begins each batch with a fresh look at the table. Its events are ``processing``
    while it works; whoever gets the lock and finds such events knows that their process has died,
    and takes them up again. Endpoints are served in turn, a batch each, so that a flood at one
    does not delay the others.
    """

    _inherit = "exception.event"

    @api.model
    def _drain(self, seconds=SECONDS):
        """Work on all that waits by now, or until the time is over.

        What comes in meanwhile has a wake-up of its own: whoever waited for it would work off a
        handful at a time, at the price of a whole batch, and keep an HTTP worker busy with it. So
        an endpoint has another turn only if its batch was full.
        :param seconds: how long; what is left then is given to another job
        """
        until, is_left = time.monotonic() + seconds, True
        while is_left:
            is_left = False
            for endpoint_id, company_id in self._endpoints_waiting():
                if time.monotonic() > until:
                    self._enqueue_drain()
                    return
                try:
                    is_left |= self._drain_endpoint(endpoint_id, company_id)
                except Exception:
                    # the others' events are not to wait; a database that is gone raises above
                    _logger.exception("The events of endpoint %s cannot be drained", endpoint_id)

    @api.model
    def _cron_drain(self):
        """Work on what a lost wake-up or a process that died has left; and on what is due again."""
        self._drain()

    @api.model
    def _enqueue_drain(self, seconds=0, key=JOB_KEY):
        """Let a job drain after so many seconds; while one waits to be started, this is enough.

        So whatever comes while one gathers waits for that one, at an endpoint that was quiet, too.
        """
        self.with_delay(
            eta=seconds or None, identity_key=key, description="Work on received events"
        )._drain()

    @api.model
    def _endpoints_waiting(self):
        """Return (endpoint id, company id) of the endpoints with something to do, as of now."""
        with self._transaction() as events:
            events.env.cr.execute(
                SQL(
                    """
                    SELECT endpoint.id, endpoint.company_id
                      FROM exception_event_endpoint endpoint
                     WHERE EXISTS (SELECT FROM exception_event event
                                    WHERE event.endpoint_id = endpoint.id
                                      AND event.state IN ('received', 'processing'))
                        OR EXISTS (SELECT FROM exception_event event
                                    WHERE event.endpoint_id = endpoint.id
                                      AND event.state IN ('failed', 'parked')
                                      AND event.next_at <= %s)
                     ORDER BY endpoint.id
                    """,
                    fields.Datetime.now(),
                )
            )
            return events.env.cr.fetchall()

    @api.model
    def _drain_endpoint(self, endpoint_id, company_id):
        """Work on one batch of an endpoint.

        :return: whether more waited than it could take, or one of its messages had several items
        """
        with self._turn(endpoint_id) as is_ours:
            if not is_ours:
                # they may have taken their last batch already
                self._enqueue_drain(BUSY_SECONDS, BUSY_KEY)
                return False
            with self._transaction(company_id) as events:
                orphans, is_more = events._claim(endpoint_id, "processing")
                for orphan in orphans:
                    # one of them may be what its process died of
                    orphan._work_alone()
                batch, is_left = events._claim(endpoint_id, "waiting")
                batch._work()
                items = events.search_count(
                    [("parent_id", "in", (orphans + batch).ids), ("state", "=", "received")],
                    limit=1,
                )
                return bool(is_more or is_left or items)

    @api.model
    @contextmanager
    def _turn(self, endpoint_id):
        """Hold the lock of an endpoint; give whether it was free."""
        if tested(self.env):
            yield True
            return
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", DRAIN_LOCK, endpoint_id))
            yield cr.fetchone()[0]

    @api.model
    @contextmanager
    def _transaction(self, company_id=None):
        """Give the model on a cursor of its own, which sees what is committed by now.

        A job must not commit on the cursor that Odoo gave it: its own row is locked there.
        """
        if tested(self.env):
            self.env.flush_all()
            yield self._as_machine(self.env.cr, company_id)
            self.env.invalidate_all()
            return
        with self.env.registry.cursor() as cr:
            yield self._as_machine(cr, company_id)

    @api.model
    def _as_machine(self, cr, company_id):
        """Return the model as the machine sees it, in the company of the endpoint."""
        context = {"mail_notify_force_send": False}
        if company_id:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(company_id)
            lang = company.partner_id.lang or "en_US"
            context |= {"allowed_company_ids": [company_id], "lang": lang}
        return api.Environment(cr, SUPERUSER_ID, context)["exception.event"]

    @api.model
    def _claim(self, endpoint_id, what):
        """Take a batch; from now on its events are ours, whatever happens to this process.

        :param str what: "waiting": what is received or due again, the oldest first;
            "processing": what a process that died has left
        :return: the events, and whether there may be more of them
        """
        now = fields.Datetime.now()
        due = SQL("state = 'received' OR state IN ('failed', 'parked') AND next_at <= %s", now)
        wanted = SQL("state = 'processing'") if what == "processing" else due
        self.env.cr.execute(
            SQL(
                """
                WITH first AS (
                    SELECT id, received_at, COALESCE(size, 0) AS size FROM exception_event
                     WHERE endpoint_id = %s AND (%s)
                     ORDER BY received_at, id LIMIT %s),
                counted AS (
                    SELECT id, sum(size) OVER (ORDER BY received_at, id) - size AS before
                      FROM first)
                UPDATE exception_event SET state = 'processing'
                 WHERE id IN (SELECT id FROM counted WHERE before < %s)
                RETURNING id, received_at, (SELECT count(*) FROM first)
                """,
                endpoint_id,
                wanted,
                BATCH,
                BATCH_BYTES,
            )
        )
        claimed = self.env.cr.fetchall()
        commit(self.env)
        self.env.invalidate_all(flush=False)
        seen = claimed[0][2] if claimed else 0
        rows = sorted((received_at, event_id) for event_id, received_at, _seen in claimed)
        events = self.browse(event_id for _received_at, event_id in rows)
        return events, seen == BATCH or seen > len(events)
