from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, SECONDS_STUCK
from .exception_health_mixin import Messages


class ExceptionSubscriptionHealth(models.Model):
    """The figures of subscriptions; those that endpoints have as well are in the mixin."""

    _name = "exception.subscription"
    _inherit = ["exception.subscription", "exception.health.mixin"]

    @api.model
    def _health_messages(self):
        return Messages(
            table="exception_delivery",
            owner="subscription_id",
            since="created_at",
            reason="error",
            finished=SQL("m.state = 'delivered'"),
            failing=SQL("m.state <> 'delivered' AND (m.state = 'dead' OR m.attempts > 0)"),
        )

    def _health_parts(self):
        return [*super()._health_parts(), self._health_open, self._health_circuit]

    def _health_circuit(self, now):
        return {one.id: {"circuit": one.circuit} for one in self}

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
