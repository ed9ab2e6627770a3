from datetime import timedelta

import pytz

from odoo import _, api, fields, models
from odoo.tools import SQL

SILENT = "exception_gateway.mail_activity_type_silent"
# Beyond the longest silence that is usual at this hour: so many times as long, and some minutes.
PATIENCE = 1.5
PATIENCE_MINUTES = 15


class ExceptionEventEndpointSilence(models.Model):
    """Tells the owner when nothing comes for longer than usual: an outage makes no events."""

    _name = "exception.event.endpoint"
    _inherit = ["exception.event.endpoint", "exception.machine.written"]

    silence = fields.Selection(
        [
            ("learned", "Longer than usual at this hour of the week"),
            ("fixed", "Longer than a fixed time"),
            ("off", "Never"),
        ],
        "Nothing comes: tell the owner",
        default="learned",
        required=True,
        help="What is usual is learnt once a day from the last four weeks, once there are two. "
        "Example: a shop that is silent every night is missed at ten in the morning.",
    )
    silence_minutes = fields.Integer("Longest silence (minutes)", default=60)
    silent_since = fields.Datetime("Silent since", readonly=True, copy=False)
    watched_since = fields.Datetime(readonly=True, copy=False)
    rhythm_ids = fields.One2many("exception.event.rhythm", "endpoint_id", "Usual silence")
    silence_limit = fields.Char("Limit at this hour", compute="_compute_silence_limit")

    _sql_constraints = [
        (
            "silence_minutes_positive",
            "check(silence != 'fixed' or silence_minutes > 0)",
            "The longest silence must be at least one minute.",
        )
    ]

    @api.model
    def _machine_fields(self):
        return super()._machine_fields() | {"silent_since", "watched_since"}

    def write(self, vals):
        """Write endpoints; from when one is active or watched otherwise, silence counts anew."""
        result = super().write(vals)
        if {"state", "silence", "silence_minutes"} & vals.keys():
            # sudo: written by the model only
            self.sudo().write({"watched_since": fields.Datetime.now()})
        return result

    def _time_zone(self):
        """Return the zone by whose hours the endpoint's rhythm goes."""
        # sudo: the zone of the company only
        return self.sudo().company_id.partner_id.tz or self.sudo().owner_id.tz or "UTC"

    def _hour_of_week(self, now):
        local = pytz.utc.localize(now).astimezone(pytz.timezone(self._time_zone()))
        return local.weekday() * 24 + local.hour

    @api.depends("silence", "silence_minutes", "rhythm_ids.minutes")
    def _compute_silence_limit(self):
        limits = self._silence_limits(fields.Datetime.now())
        for endpoint in self:
            minutes = limits.get(endpoint.id)
            if minutes:
                endpoint.silence_limit = _(
                    "%(hours)s h %(minutes)02d min", hours=minutes // 60, minutes=minutes % 60
                )
            else:
                endpoint.silence_limit = _("Not known yet") if endpoint.silence != "off" else False

    def _silence_limits(self, now):
        """Return {endpoint id: minutes it may be silent now} of those that can be judged."""
        fixed = {one.id: one.silence_minutes for one in self if one.silence == "fixed"}
        learned = self.filtered(lambda one: one.silence == "learned" and one.id)
        if not learned:
            return fixed
        pairs = [(endpoint.id, endpoint._hour_of_week(now)) for endpoint in learned]
        self.env["exception.event.rhythm"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT endpoint_id, minutes FROM exception_event_rhythm"
                " WHERE (endpoint_id, hour) IN %s",
                tuple(pairs),
            )
        )
        usual = self.env.cr.fetchall()
        return fixed | {one: round(m * PATIENCE) + PATIENCE_MINUTES for one, m in usual}

    # ------------------------------------------------------------------
    # watching
    # ------------------------------------------------------------------

    @api.model
    def _watch_silence(self, now):
        """Tell the owners of endpoints that have become silent, and take back what is over."""
        endpoints = self.search(["|", ("state", "=", "active"), ("silent_since", "!=", False)])
        limits = endpoints.filtered(lambda one: one.state == "active")._silence_limits(now)
        last = endpoints._last_events()
        for endpoint in endpoints:
            heard = max(
                filter(None, (last.get(endpoint.id), endpoint.watched_since)),
                default=endpoint.create_date,
            )
            limit = limits.get(endpoint.id)
            silent = limit is not None and now - heard > timedelta(minutes=limit)
            if silent and not endpoint.silent_since:
                endpoint._tell_silent(last.get(endpoint.id) or heard, limit)
            elif endpoint.silent_since and not silent:
                endpoint.write({"silent_since": False})
                endpoint.activity_unlink([SILENT])

    def _last_events(self):
        """Return {endpoint id: when its last event came}; one look into an index for each."""
        self.env["exception.event"].flush_model(["endpoint_id", "received_at"])
        self.env.cr.execute(
            SQL(
                """
                SELECT endpoint.id, (SELECT max(event.received_at) FROM exception_event event
                                      WHERE event.endpoint_id = endpoint.id)
                  FROM exception_event_endpoint endpoint WHERE endpoint.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def _tell_silent(self, since, limit):
        self.write({"silent_since": since})
        told = self.with_context(lang=self.owner_id.lang)
        told._tell_owner_once(
            SILENT,
            _("Nothing comes in"),
            _(
                "“%(endpoint)s” has received nothing since %(since)s; at this hour it is never "
                "silent for more than %(hours)s h %(minutes)02d min. Look whether the sender "
                "works, still has this address and its secret, and is not refused. This goes "
                "away when events come again.",
                endpoint=self.name,
                since=told._owner_moment(since),
                hours=limit // 60,
                minutes=limit % 60,
            ),
        )
