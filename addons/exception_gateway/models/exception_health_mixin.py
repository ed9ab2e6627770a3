from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, SAMPLE

# So many reasons are shown of a row.
REASONS = 5


class Messages(NamedTuple):
    """Where the messages of an endpoint or a subscription stand; conditions are on alias ``m``."""

    table: str
    # columns: whose they are, when they came, why they failed
    owner: str
    since: str
    reason: str
    # as the partial indexes of the table say it
    finished: SQL
    failing: SQL


class ExceptionHealthMixin(models.AbstractModel):
    """The figures of what has messages, each from one statement for all of its records.

    Counts are read from indexes alone; times are of a sample of the newest messages, so that a
    flood costs no more than a trickle.
    """

    _name = "exception.health.mixin"
    _description = "Has messages whose health is shown"

    @api.model
    def _health_messages(self):
        """Return the :class:`Messages` of the model."""
        raise NotImplementedError()

    @api.model
    def _standing_still(self, now):
        """Return {id: since when} of the records on whose messages nobody works."""
        raise NotImplementedError()

    def _health_parts(self):
        """Return functions of an instant that each give {id: figures}."""
        return [self._health_trend, self._health_times, self._health_reasons]

    def _health(self, now):
        """Return {id: figures} by the names of ``exception.gateway.health``."""
        figures = defaultdict(dict)
        for read in self._health_parts():
            for id_, own in read(now).items():
                figures[id_].update(own)
        for id_ in self._standing_still(now):
            figures[id_]["is_stuck"] = True
        return figures

    def _health_rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _health_names(self, now):
        """Return the names that the statements share."""
        messages = self._health_messages()
        return {
            "table": SQL.identifier(messages.table),
            "owner": SQL.identifier("m", messages.owner),
            "at": SQL.identifier("m", messages.since),
            "reason": SQL.identifier("m", messages.reason),
            "finished": messages.finished,
            "failing": messages.failing,
            "ids": self.ids,
            "now": now,
            "since": now - timedelta(hours=DAY_HOURS),
        }

    def _health_trend(self, now):
        """Count the messages of the last day by hour; the last bar is the last 60 minutes."""
        figures = defaultdict(lambda: {"trend": [0] * DAY_HOURS, "hour_count": 0})
        query = SQL(
            """
            SELECT %(owner)s, floor(EXTRACT(EPOCH FROM %(now)s - %(at)s) / 3600)::int, count(*)
              FROM %(table)s AS m
             WHERE %(owner)s = ANY(%(ids)s) AND %(at)s > %(since)s AND %(at)s <= %(now)s
          GROUP BY 1, 2
            """,
            **self._health_names(now),
        )
        for id_, ago, count in self._health_rows(query):
            figures[id_]["trend"][DAY_HOURS - 1 - ago] = count
        for own in figures.values():
            own["hour_count"] = own["trend"][-1]
        return figures

    def _health_times(self, now):
        """Say when the last message came, and how long the newest took until they were done."""
        query = SQL(
            """
            SELECT one.id, last.at, times.both_[1], times.both_[2]
              FROM unnest(%(ids)s) AS one (id),
                   LATERAL (SELECT max(%(at)s) AS at FROM %(table)s AS m
                             WHERE %(owner)s = one.id) AS last,
                   LATERAL (SELECT percentile_cont(ARRAY[0.5, 0.95])
                                   WITHIN GROUP (ORDER BY newest.took) AS both_
                              FROM (SELECT GREATEST(
                                        EXTRACT(EPOCH FROM m.done_at - %(at)s), 0)::float AS took
                                      FROM %(table)s AS m
                                     WHERE %(owner)s = one.id AND %(at)s > %(since)s
                                       AND %(finished)s
                                  ORDER BY %(at)s DESC LIMIT %(sample)s
                                   ) AS newest
                           ) AS times
            """,
            sample=SAMPLE,
            **self._health_names(now),
        )
        return {
            id_: {
                "last_at": at and at.replace(microsecond=0),
                "p50": False if half is None else half,
                "p95": False if most is None else most,
            }
            for id_, at, half, most in self._health_rows(query)
        }

    def _health_reasons(self, now):
        """Return the most frequent reasons why messages of the last day fail or were given up."""
        found = defaultdict(list)
        query = SQL(
            """
            SELECT %(owner)s, COALESCE(%(reason)s, ''), count(*) AS number
              FROM %(table)s AS m
             WHERE %(failing)s AND %(owner)s = ANY(%(ids)s) AND %(at)s > %(since)s
          GROUP BY 1, 2 ORDER BY number DESC, 2
            """,
            **self._health_names(now),
        )
        for id_, reason, number in self._health_rows(query):
            if len(found[id_]) < REASONS:
                found[id_].append({"reason": reason, "number": number})
        return {id_: {"reasons": reasons} for id_, reasons in found.items()}
