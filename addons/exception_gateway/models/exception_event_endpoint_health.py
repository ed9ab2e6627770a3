from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, SAMPLE, SECONDS_STUCK
from ..tools.refusals import UNPROVEN

# So many reasons are shown of an endpoint.
REASONS = 5
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
    """The figures of endpoints, each from one statement for all of them.

    Counts of the last day and of what is not done with are read from indexes alone; times from
    receipt to done are of a sample of the newest, so that a flood costs no more than a trickle.
    """

    _inherit = "exception.event.endpoint"

    def _health(self, now):
        """Return {endpoint id: figures} by the names of ``exception.gateway.health``."""
        figures = defaultdict(dict)
        for read in self._health_parts():
            for endpoint_id, own in read(now).items():
                figures[endpoint_id].update(own)
        for endpoint_id, reasons in self._health_reasons(now).items():
            figures[endpoint_id]["reasons"] = reasons
        for endpoint_id in self._standing_still(now):
            figures[endpoint_id]["is_stuck"] = True
        return figures

    def _health_parts(self):
        return (self._health_trend, self._health_open, self._health_times, self._health_refused)

    def _health_rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _health_trend(self, now):
        """Count the events of the last day by hour; the last bar is the last 60 minutes."""
        figures = defaultdict(lambda: {"trend": [0] * DAY_HOURS, "hour_count": 0})
        query = SQL(
            """
            SELECT endpoint_id,
                   floor(EXTRACT(EPOCH FROM %(now)s - received_at) / 3600)::int AS ago, count(*)
              FROM exception_event
             WHERE endpoint_id = ANY(%(ids)s)
               AND received_at > %(since)s AND received_at <= %(now)s
          GROUP BY 1, 2
            """,
            now=now,
            since=now - timedelta(hours=DAY_HOURS),
            ids=self.ids,
        )
        for endpoint_id, ago, count in self._health_rows(query):
            figures[endpoint_id]["trend"][DAY_HOURS - 1 - ago] = count
        for own in figures.values():
            own["hour_count"] = own["trend"][-1]
        return figures

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

    def _health_times(self, now):
        """Say when the last event came, and how long the newest took until they were done."""
        query = SQL(
            """
            SELECT one.id, last.at, times.both_[1], times.both_[2]
              FROM unnest(%(ids)s) AS one (id),
                   LATERAL (SELECT max(event.received_at) AS at FROM exception_event event
                             WHERE event.endpoint_id = one.id) AS last,
                   LATERAL (SELECT percentile_cont(ARRAY[0.5, 0.95])
                                   WITHIN GROUP (ORDER BY newest.took) AS both_
                              FROM (SELECT GREATEST(
                                        EXTRACT(EPOCH FROM event.done_at - event.received_at), 0
                                    )::float AS took
                                      FROM exception_event event
                                     WHERE event.endpoint_id = one.id
                                       AND event.received_at > %(since)s
                                       AND event.done_at IS NOT NULL
                                  ORDER BY event.received_at DESC LIMIT %(sample)s
                                   ) AS newest
                           ) AS times
            """,
            ids=self.ids,
            since=now - timedelta(hours=DAY_HOURS),
            sample=SAMPLE,
        )
        return {
            endpoint_id: {
                "last_at": at and at.replace(microsecond=0),
                "p50": False if half is None else half,
                "p95": False if most is None else most,
            }
            for endpoint_id, at, half, most in self._health_rows(query)
        }

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

    def _health_reasons(self, now):
        """Return why events of the last day fail or are dead: the most frequent reasons."""
        reasons = defaultdict(list)
        query = SQL(
            """
            SELECT endpoint_id, COALESCE(reason, ''), count(*) AS number
              FROM exception_event
             WHERE state NOT IN ('done', 'ignored') AND state IN ('failed', 'dead')
               AND endpoint_id = ANY(%s) AND received_at > %s
          GROUP BY 1, 2 ORDER BY number DESC, 2
            """,
            self.ids,
            now - timedelta(hours=DAY_HOURS),
        )
        for endpoint_id, reason, number in self._health_rows(query):
            if len(reasons[endpoint_id]) < REASONS:
                reasons[endpoint_id].append({"reason": reason, "number": number})
        return reasons

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
