import logging
import time

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.job import ATTEMPTS, RETRY, in_test

from ..tools import secret_box
from ..tools.lanes import Lanes, Parcel, send
from ..tools.locks import DELIVERY_LOCK, locks

_logger = logging.getLogger(__name__)

# How many receivers are served at the same moment by one job.
LANES = 16
# What a lane is given at once.
BATCH = 20
# A job ends after so long, and another one goes on.
PATIENCE_SECONDS = 40
LOOK_SECONDS = 0.5


class ExceptionDeliveryDrain(models.Model):
    """One job sends what waits for all subscriptions.

    Each subscription has a lane of its own, in which one message is sent after the other; lanes do
    not wait for each other. Whoever holds the lock of a subscription sends for it, so that two
    jobs, or two servers, never do at once. Messages are claimed, sent and settled in transactions
    of their own: a process that dies in between has sent a message whose outcome nobody knows,
    and the next one sends it again under the same id.
    """

    _inherit = "exception.delivery"

    @api.model
    def _drain(self):
        """Send what waits, until nothing does or the time of the job is over."""
        lanes, until, asked = Lanes(LANES, self._sender()), time.monotonic() + PATIENCE_SECONDS, 0
        looked, settled = 0.0, 0
        with locks(self.pool, DELIVERY_LOCK) as held:
            while True:
                now = time.monotonic()
                started = 0
                if now < until and lanes.free and now - looked >= LOOK_SECONDS:
                    looked, started = now, self._start_lanes(lanes, held, until)
                elif now >= until and not asked:
                    # whoever is slow now must not keep the others waiting
                    asked = 1
                    self._apart("_enqueue_rest")
                results, ended = lanes.collect(0.1 if lanes.busy else 0)
                if results:
                    self._apart("_settle", results)
                    settled += len(results)
                for key in ended:
                    held.release(key)
                    looked = 0.0
                if not lanes.busy and not started and not ended:
                    break
        self._apart("_enqueue_next")
        return f"{settled} settled"

    @api.model
    def _sender(self):
        """Return the function that sends a parcel; tests give another one."""
        return send

    @api.model
    def _start_lanes(self, lanes, held, until):
        """Begin lanes for subscriptions that wait and nobody serves; return how many."""
        started = 0
        for subscription_id in self._apart("_due_ids"):
            if not lanes.free:
                break
            if subscription_id in lanes.busy or not held.take(subscription_id):
                continue
            parcels, patience = self._apart("_claim", subscription_id)
            if parcels:
                lanes.start(subscription_id, parcels, patience, until)
                started += 1
            else:
                held.release(subscription_id)
        return started

    @api.model
    def _apart(self, method, *args):
        """Call a method in a transaction of its own; conflicts are tried again."""
        if in_test() or self.pool.in_test_mode():
            return getattr(self, method)(*args)
        for left in reversed(range(ATTEMPTS)):
            try:
                with self.pool.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    return getattr(env[self._name], method)(*args)
            except RETRY:
                if not left:
                    raise
        return None

    # ------------------------------------------------------------------
    # what is due
    # ------------------------------------------------------------------

    @api.model
    def _due_condition(self):
        """Due, and no earlier message of the same case waits for its retry."""
        now = fields.Datetime.now()
        return SQL(
            """state IN ('waiting', 'sending') AND next_at <= %s AND NOT EXISTS (
                   SELECT 1 FROM exception_delivery AS earlier
                    WHERE earlier.subscription_id = delivery.subscription_id
                      AND earlier.case_id = delivery.case_id AND earlier.id < delivery.id
                      AND earlier.state IN ('waiting', 'sending') AND earlier.next_at > %s)""",
            now,
            now,
        )

    @api.model
    def _due_ids(self):
        """Return the ids of subscriptions to which something can be sent now."""
        ids = self.env["exception.subscription"]._active_ids()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM unnest(%s::int4[]) AS it(id) WHERE EXISTS (
                       SELECT 1 FROM exception_delivery AS delivery
                        WHERE delivery.subscription_id = it.id AND %s)""",
                ids,
                self._due_condition(),
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _next_at(self):
        """Return when the next retry is due, or a resting receiver is tried; None if none is."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """SELECT min(CASE WHEN s.rests_until > %(now)s THEN s.rests_until ELSE (
                              SELECT min(next_at) FROM exception_delivery
                               WHERE subscription_id = s.id AND state = 'waiting'
                                 AND next_at > %(now)s) END)
                     FROM (SELECT id, greatest(hold_until, CASE WHEN circuit != 'closed'
                                                                THEN probe_at END) AS rests_until
                             FROM exception_subscription WHERE active AND state = 'active') AS s
                    WHERE EXISTS (SELECT 1 FROM exception_delivery
                                   WHERE subscription_id = s.id AND state = 'waiting')""",
                now=now,
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _enqueue_rest(self):
        if self._due_ids():
            self._enqueue(0)

    # ------------------------------------------------------------------
    # claim
    # ------------------------------------------------------------------

    @api.model
    def _claim(self, subscription_id):
        """Take the next messages of a subscription, whose lock is ours.

        :return: (parcels, how many failures in a row end the lane)
        """
        one = self.env["exception.subscription"].browse(subscription_id)
        # the lock is ours: whoever was sending these is gone
        self.env.cr.execute(
            SQL(
                "UPDATE exception_delivery SET state = 'waiting'"
                " WHERE subscription_id = %s AND state = 'sending'",
                subscription_id,
            )
        )
        probing = one.circuit != "closed"
        number = 1 if probing else min(BATCH, one._quota())
        if one.state != "active" or number <= 0:
            return [], 0
        try:
            common = one._parcel_values()
        except (secret_box.KeyMissing, secret_box.WrongKey):
            one._cannot_sign()
            return [], 0
        rows = self._take(subscription_id, number)
        if rows and probing:
            one.write({"circuit": "half_open"})
        self.invalidate_model(flush=False)
        patience = 1 if probing else max(one.failures_to_open - one.failures, 1)
        return [Parcel(**row, **common) for row in rows], patience

    @api.model
    def _take(self, subscription_id, number):
        self.env.cr.execute(
            SQL(
                """UPDATE exception_delivery AS taken SET state = 'sending'
                     FROM (SELECT delivery.id FROM exception_delivery AS delivery
                            WHERE delivery.subscription_id = %s AND %s
                            ORDER BY delivery.id LIMIT %s) AS due
                    WHERE taken.id = due.id
                RETURNING taken.id AS delivery_id, taken.case_id, taken.message_id,
                          taken.payload AS body, taken.attempts AS tries""",
                subscription_id,
                self._due_condition(),
                number,
            )
        )
        return sorted(self.env.cr.dictfetchall(), key=lambda row: row["delivery_id"])
