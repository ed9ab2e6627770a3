from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, SAMPLE, SECONDS_STUCK

# So many reasons are shown of a subscription.
REASONS = 5


class ExceptionSubscriptionHealth(models.Model):
    """The figures of subscriptions, each from one statement for all of them."""

    _inherit = "exception.subscription"

    def _health(self, now):
        """Return {subscription id: figures} by the names of ``exception.gateway.health``."""
        figures = defaultdict(dict)
        for read in (self._health_trend, self._health_open, self._health_times):
            for subscription_id, own in read(now).items():
                figures[subscription_id].update(own)
        for subscription_id, reasons in self._health_reasons(now).items():
            figures[subscription_id]["reasons"] = reasons
        for subscription_id in self._standing_still(now):
            figures[subscription_id]["is_stuck"] = True
        for subscription in self:
            figures[subscription.id]["circuit"] = subscription.circuit
        return figures

    def _health_rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _health_trend(self, now):
        """Count the messages of the last day by hour; the last bar is the last 60 minutes."""
        figures = defaultdict(lambda: {"trend": [0] * DAY_HOURS, "hour_count": 0})
        query = SQL(
            """
            SELECT subscription_id,
                   floor(EXTRACT(EPOCH FROM %(now)s - created_at) / 3600)::int AS ago, count(*)
              FROM exception_delivery
             WHERE subscription_id = ANY(%(ids)s)
               AND created_at > %(since)s AND created_at <= %(now)s
          GROUP BY 1, 2
            """,
            now=now,
            since=now - timedelta(hours=DAY_HOURS),
            ids=self.ids,
        )
        for subscription_id, ago, count in self._health_rows(query):
            figures[subscription_id]["trend"][DAY_HOURS - 1 - ago] = count
        for own in figures.values():
            own["hour_count"] = own["trend"][-1]
        return figures

    def _health_open(self, now):
        """Count what is not delivered, and say since when the oldest waits."""
        query = SQL(
            """
            SELECT subscription_id,
                   count(*) FILTER (WHERE state <> 'dead' AND attempts = 0),
                   count(*) FILTER (WHERE state <> 'dead' AND attempts > 0),
                   count(*) FILTER (WHERE state = 'dead' AND event_type <> 'test.ping'),
                   min(created_at) FILTER (WHERE state <> 'dead')
              FROM exception_delivery
             WHERE state <> 'delivered' AND subscription_id = ANY(%s)
          GROUP BY 1
            """,
            self.ids,
        )
        names = ("waiting_count", "failed_count", "dead_count", "oldest_at")
        return {
            subscription_id: dict(zip(names, [*counts, oldest or False], strict=True))
            for subscription_id, *counts, oldest in self._health_rows(query)
        }

    def _health_times(self, now):
        """Say when the last message was made, and how long the newest took until delivered."""
        query = SQL(
            """
            SELECT one.id, last.at, times.both_[1], times.both_[2]
              FROM unnest(%(ids)s) AS one (id),
                   LATERAL (SELECT max(delivery.created_at) AS at FROM exception_delivery delivery
                             WHERE delivery.subscription_id = one.id) AS last,
                   LATERAL (SELECT percentile_cont(ARRAY[0.5, 0.95])
                                   WITHIN GROUP (ORDER BY newest.took) AS both_
                              FROM (SELECT GREATEST(
                                        EXTRACT(EPOCH FROM delivery.done_at - delivery.created_at),
                                        0)::float AS took
                                      FROM exception_delivery delivery
                                     WHERE delivery.subscription_id = one.id
                                       AND delivery.created_at > %(since)s
                                       AND delivery.state = 'delivered'
                                  ORDER BY delivery.created_at DESC LIMIT %(sample)s
                                   ) AS newest
                           ) AS times
            """,
            ids=self.ids,
            since=now - timedelta(hours=DAY_HOURS),
            sample=SAMPLE,
        )
        return {
            subscription_id: {
                "last_at": at and at.replace(microsecond=0),
                "p50": False if half is None else half,
                "p95": False if most is None else most,
            }
            for subscription_id, at, half, most in self._health_rows(query)
        }

    def _health_reasons(self, now):
        """Return why messages of the last day fail or were given up."""
        reasons = defaultdict(list)
        query = SQL(
            """
            SELECT subscription_id, COALESCE(error, ''), count(*) AS number
              FROM exception_delivery
             WHERE state <> 'delivered' AND (state = 'dead' OR attempts > 0)
               AND subscription_id = ANY(%s) AND created_at > %s
          GROUP BY 1, 2 ORDER BY number DESC, 2
            """,
            self.ids,
            now - timedelta(hours=DAY_HOURS),
        )
        for subscription_id, reason, number in self._health_rows(query):
            if len(reasons[subscription_id]) < REASONS:
                reasons[subscription_id].append({"reason": reason, "number": number})
        return reasons

    @api.model
    def _standing_still(self, now):
        """Return {subscription id: since when} of those whose messages are due and nobody sends.

        What waits behind an earlier message of its case, and receivers that rest, are none.
        """
        query = SQL(
            """
            SELECT due.subscription_id, min(due.next_at)
              FROM exception_delivery due
              JOIN exception_subscription one ON one.id = due.subscription_id
             WHERE due.state IN ('waiting', 'sending') AND due.next_at < %(limit)s
               AND one.state = 'active' AND one.active
               AND (one.circuit = 'closed' OR one.probe_at < %(limit)s)
               AND COALESCE(one.hold_until < %(limit)s, TRUE)
               AND NOT EXISTS (SELECT FROM exception_delivery earlier
                                WHERE earlier.subscription_id = due.subscription_id
                                  AND earlier.case_id = due.case_id AND earlier.id < due.id
                                  AND earlier.state IN ('waiting', 'sending'))
               AND NOT EXISTS (SELECT FROM exception_delivery_attempt attempt
                                WHERE attempt.subscription_id = due.subscription_id
                                  AND attempt.at > %(limit)s)
          GROUP BY due.subscription_id
            """,
            limit=now - timedelta(seconds=SECONDS_STUCK),
        )
        return dict(self._health_rows(query))

    @api.model
    def _health_filters(self, now):
        """Return the domain on deliveries that each figure counts."""
        since = now - timedelta(hours=DAY_HOURS)
        waits = ("state", "in", ("waiting", "sending"))
        return {
            "all": [],
            "day": [("created_at", ">", since)],
            "hour": [("created_at", ">", now - timedelta(hours=1))],
            "waiting": [waits, ("attempts", "=", 0)],
            "failed": [waits, ("attempts", ">", 0)],
            # a test that failed was seen by whoever sent it, and is not sent again
            "dead": [("state", "=", "dead"), ("event_type", "!=", "test.ping")],
        }
