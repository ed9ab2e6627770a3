from datetime import timedelta

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ..tools.refusals import UNPROVEN

REFUSING = "exception_gateway.mail_activity_type_refusing"
# Refused requests are added up over so many minutes; so long without one and the burst is over.
BURST_MINUTES = 10
QUIET_MINUTES = 60


class ExceptionEventEndpointAlarm(models.Model):
    """Tells the owner once when an endpoint refuses many: somebody tries, or a secret is wrong."""

    _inherit = "exception.event.endpoint"

    refusal_limit = fields.Integer(
        "Refused: tell the owner from",
        default=20,
        required=True,
        help="So many requests within ten minutes that could not prove who sent them. 0: never.",
    )
    refusing_since = fields.Datetime("Refusing since", readonly=True, copy=False)

    @api.model
    def _machine_fields(self):
        return super()._machine_fields() | {"refusing_since"}

    @api.model
    def _cron_watch(self):
        """Look for endpoints that are silent or refuse much; called every few minutes."""
        now = fields.Datetime.now()
        self._watch_refusals(now)
        self._watch_silence(now)

    @api.model
    def _watch_refusals(self, now):
        lately = self._refused_since(now - timedelta(minutes=BURST_MINUTES))
        told = self.search([("refusing_since", "!=", False)])
        hour = told._refused_since(now - timedelta(minutes=QUIET_MINUTES)) if told else {}
        for endpoint in told:
            if not hour.get(endpoint.id):
                endpoint.write({"refusing_since": False})
                endpoint.activity_unlink([REFUSING])
        for endpoint in self.browse(lately).exists() - told:
            if endpoint.refusal_limit and lately[endpoint.id] >= endpoint.refusal_limit:
                endpoint.write({"refusing_since": now})
                endpoint._tell_refusing(lately[endpoint.id])

    @api.model
    def _refused_since(self, since):
        """Return {endpoint id: how many could not prove who they are}."""
        self.env["exception.event.refusal"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT endpoint_id, sum(number) FROM exception_event_refusal
                 WHERE minute > %s AND kind IN %s AND endpoint_id IS NOT NULL
              GROUP BY endpoint_id
                """,
                since,
                UNPROVEN,
            )
        )
        return dict(self.env.cr.fetchall())

    def _tell_refusing(self, number):
        self.with_context(lang=self.owner_id.lang)._tell_owner_once(
            REFUSING,
            _("Messages are refused"),
            _(
                "“%(endpoint)s” has refused %(number)s requests within %(minutes)s minutes, since "
                "they did not prove who sent them. Nothing of them was taken in. If the sender "
                "has a new secret, add it here; if not, somebody else is trying. This goes away "
                "after an hour without any.",
                endpoint=self.name,
                number=number,
                minutes=BURST_MINUTES,
            ),
        )

    # ------------------------------------------------------------------
    # telling
    # ------------------------------------------------------------------

    def _tell_owner_once(self, kind, summary, text):
        """Give the owner one activity of a kind; one that is still open says the new text."""
        self.ensure_one()
        note = Markup("%s") % text
        if told := self.activity_search([kind]):
            told.write({"summary": summary, "note": note})
            return
        self.activity_schedule(
            kind,
            date_deadline=fields.Date.context_today(self),
            summary=summary,
            note=note,
            user_id=self.owner_id.id,
        )

    def _owner_moment(self, moment):
        zone = self.owner_id.tz or "UTC"
        return f"{format_datetime(self.env, moment, tz=zone, dt_format='short')} ({zone})"
