from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, SECONDS_STUCK
from ..tools.refusals import UNPROVEN
from .exception_health_mixin import Messages

# So many events before the oldest that waits tell whether somebody works on them.
LOOKED_AT = 200
# Which figure an event of a state that is not done with belongs to.
FIGURES = {
    "received": "waiting_count",
    "processing": "waiting_count",
    "parked": "parked_count",
    "failed": "failed_count",
    "dead": "dead_count",
}


class ExceptionEventEndpointHealth(models.Model):
    """The figures of endpoints; those that subscriptions have as well are in the mixin."""

    _name = "exception.event.endpoint"
    _inherit = ["exception.event.endpoint", "exception.health.mixin"]

    @api.model
    def _health_messages(self):
        return Messages(
            table="exception_event",
            owner="endpoint_id",
            since="received_at",
            reason="reason",
            finished=SQL("m.done_at IS NOT NULL"),
            failing=SQL("m.state NOT IN ('done', 'ignored') AND m.state IN ('failed', 'dead')"),
        )

    def _health_parts(self):
        return [*super()._health_parts(), self._health_open, self._health_refused]

    def _health_open(self, now):
        """Count what is not done with, and say since when the oldest waits for its turn."""
        figures = defaultdict(dict)
        query = SQL(
            """
            SELECT endpoint_id, state, count(*), min(received_at)
              FROM exception_event
             WHERE state NOT IN ('done', 'ignored') AND endpoint_id = ANY(%s)
          GROUP BY 1, 2
            """,
            self.ids,
        )
        for endpoint_id, state, count, oldest in self._health_rows(query):
            own, name = figures[endpoint_id], FIGURES[state]
            own[name] = own.get(name, 0) + count
            if name == "waiting_count":
                own["oldest_at"] = min(own.get("oldest_at", oldest), oldest)
        return figures

    @api.model
    def _standing_still(self, now):
        """Return {endpoint id: since when} of endpoints on whose events nobody works.

        A long queue that is worked on is none of them: the drain takes the oldest first, so those
        just before the oldest were done lately.
        """
        limit = now - timedelta(seconds=SECONDS_STUCK)
        query = SQL(
            """
            SELECT waiting.endpoint_id, waiting.oldest
              FROM (SELECT endpoint_id, min(received_at) AS oldest FROM exception_event
                     WHERE state NOT IN ('done', 'ignored') AND state IN ('received', 'processing')
                  GROUP BY endpoint_id) AS waiting,
                   LATERAL (SELECT max(before.done_at) AS at
                              FROM (SELECT done_at FROM exception_event event
                                     WHERE event.endpoint_id = waiting.endpoint_id
                                       AND event.received_at <= waiting.oldest
                                  ORDER BY event.received_at DESC LIMIT %(looked_at)s
                                   ) AS before
                           ) AS worked
             WHERE waiting.oldest < %(limit)s AND COALESCE(worked.at < %(limit)s, TRUE)
            """,
            limit=limit,
            looked_at=LOOKED_AT,
        )
        return dict(self._health_rows(query))

    def _health_refused(self, now):
        """Add up what was refused in the last day."""
        query = SQL(
            """
            SELECT endpoint_id, COALESCE(sum(number) FILTER (WHERE kind IN %s), 0),
                   COALESCE(sum(number) FILTER (WHERE kind = 'rate'), 0)
              FROM exception_event_refusal
             WHERE endpoint_id = ANY(%s) AND minute > %s
          GROUP BY 1
            """,
            UNPROVEN,
            self.ids,
            now - timedelta(hours=DAY_HOURS),
        )
        return {
            endpoint_id: {"refused_count": refused, "limited_count": limited}
            for endpoint_id, refused, limited in self._health_rows(query)
        }

    @api.model
    def _health_filters(self, now):
        """Return the domain on events that each figure counts."""
        since = now - timedelta(hours=DAY_HOURS)
        return {
            "all": [],
            "day": [("received_at", ">", since)],
            "hour": [("received_at", ">", now - timedelta(hours=1))],
            "waiting": [("state", "in", ("received", "processing"))],
            "parked": [("state", "=", "parked")],
            "failed": [("state", "=", "failed")],
            "dead": [("state", "=", "dead")],
            "failures": [("state", "in", ("failed", "dead")), ("received_at", ">", since)],
        }
