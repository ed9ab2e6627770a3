from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# So much of the past is looked at, and so much of it must be there before anything is concluded.
WEEKS = 4
DAYS_NEEDED = 14


class ExceptionEventRhythm(models.Model):
    """How long an endpoint is usually silent at each hour of the week.

    Learnt once a day, in one statement, from when events came: for each hour of the week the
    longest time that had passed since the last event at any moment of that hour. Nights, weekends
    and senders that come once a day need no setting: at three in the morning a shop may well have
    been silent for six hours, at ten it never was for more than five minutes. Of four weeks the
    worst is left out, so that one public holiday does not make the limit.
    """

    _name = "exception.event.rhythm"
    _description = "Usual Silence of an Endpoint"
    _order = "endpoint_id, hour"
    _rec_name = "hour"
    _log_access = False

    endpoint_id = fields.Many2one(
        "exception.event.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    hour = fields.Integer(
        "Hour of the week", required=True, readonly=True, help="0: Monday from 0:00 to 1:00."
    )
    minutes = fields.Integer("Longest usual silence (minutes)", required=True, readonly=True)

    _sql_constraints = [("hour_uniq", "unique(endpoint_id, hour)", "One figure for each hour.")]

    @api.model
    def _cron_learn(self):
        """Learn the rhythm of all endpoints that are watched by it; called once a day."""
        endpoints = self.env["exception.event.endpoint"].search(
            [("silence", "=", "learned"), ("state", "=", "active")]
        )
        self._learn(endpoints, fields.Datetime.now())

    @api.model
    def _learn(self, endpoints, now):
        """Replace the figures of some endpoints by those of the last weeks.

        :param datetime now: naive UTC instant to judge by
        """
        if not endpoints:
            return
        # received_at is written past the ORM, what a test or an import has made may wait in it
        self.env.flush_all()
        watched = SQL(", ").join(
            SQL(
                "(%s, %s, %s)",
                endpoint.id,
                endpoint._time_zone(),
                now - timedelta(days=self._days_needed(endpoint)),
            )
            for endpoint in endpoints
        )
        self.env.cr.execute(
            SQL(
                """
                WITH endpoint (id, zone, enough) AS (VALUES %(watched)s),
                came AS (
                    SELECT DISTINCT endpoint.id, endpoint.zone, endpoint.enough,
                           date_trunc('minute', event.received_at) AS at
                      FROM endpoint
                      JOIN exception_event event ON event.endpoint_id = endpoint.id
                     WHERE event.received_at BETWEEN %(since)s AND %(now)s
                ),
                gap AS (
                    SELECT came.*, lead(at) OVER mine AS next_at, min(at) OVER mine AS first_at
                      FROM came WINDOW mine AS (PARTITION BY id ORDER BY at)
                ),
                silence AS (
                    SELECT gap.id, div(EXTRACT(EPOCH FROM %(now)s - clock.hour), 604800) AS week,
                           (clock.hour AT TIME ZONE 'UTC') AT TIME ZONE gap.zone AS hour,
                           LEAST(next_at, clock.hour + interval '1 hour') - at AS lasted
                      FROM gap, generate_series(date_trunc('hour', at), next_at, '1 hour')
                                AS clock (hour)
                     WHERE first_at <= enough
                ),
                longest AS (
                    SELECT id, week, max(lasted) AS lasted,
                           (EXTRACT(ISODOW FROM hour) - 1) * 24 + EXTRACT(HOUR FROM hour) AS hour
                      FROM silence GROUP BY id, week, 4
                )
                INSERT INTO exception_event_rhythm (endpoint_id, hour, minutes)
                SELECT id, hour, ceil(EXTRACT(EPOCH FROM
                           percentile_disc(0.75) WITHIN GROUP (ORDER BY lasted)) / 60)
                  FROM longest GROUP BY id, hour
                ON CONFLICT (endpoint_id, hour) DO UPDATE SET minutes = EXCLUDED.minutes
                """,
                watched=watched,
                since=now - timedelta(weeks=WEEKS),
                now=now,
            )
        )
        self.invalidate_model()

    @api.model
    def _days_needed(self, endpoint):
        """Return how far events must reach back; no further than the endpoint keeps them."""
        return min(DAYS_NEEDED, endpoint.keep_days - 1) if endpoint.keep_days else DAYS_NEEDED
