import logging
from datetime import timedelta

import psycopg2.errors
import pytz

from odoo import _, api, fields, models
from odoo.tools.misc import format_amount

_logger = logging.getLogger(__name__)

# A morning is over after so many hours: who missed it waits for the next one.
MORNING = timedelta(hours=4)
LISTED = 10


class ExceptionDigest(models.Model):
    """The mail with which a team lead begins the day; one row for each lead and day.

    The row is what makes a second mail impossible, whichever process comes first.
    """

    _name = "exception.digest"
    _description = "Exception Digest"
    _order = "day desc, id desc"
    _rec_name = "day"

    user_id = fields.Many2one("res.users", "Lead", required=True, readonly=True, ondelete="cascade")
    day = fields.Date(required=True, readonly=True, help="The day of the lead's own time zone.")
    sent_at = fields.Datetime("Sent", required=True, readonly=True)
    open_count = fields.Integer("Open", readonly=True)

    _sql_constraints = [
        ("user_day_uniq", "unique(user_id, day)", "A lead gets one digest a day."),
    ]

    @api.model
    def _cron_send(self, now=None):
        """Send the digests of the leads whose morning has come, each once a day."""
        now = now or fields.Datetime.now()
        # sudo: every lead gets theirs, whoever runs the action; figures are read as the lead
        digests = self.sudo()
        teams = digests.env["exception.team"].search([("lead_id.active", "=", True)])
        days = {lead: digests._morning(lead, now) for lead in teams.lead_id}
        days = {lead: day for lead, day in days.items() if day}
        sent = digests.search(
            [("user_id", "in", [lead.id for lead in days]), ("day", "in", list(days.values()))]
        )
        done = {(digest.user_id, digest.day) for digest in sent}
        waiting = [(lead, day) for lead, day in days.items() if (lead, day) not in done]
        for lead, day in waiting:
            digests._send_safely(lead, day, teams, now)
        if waiting:
            self.env["exception.case"]._send_mails_soon()

    @api.model
    def _morning(self, lead, now):
        """Return the lead's date when it is morning there, else None."""
        hour = lead.company_id.exception_digest_hour
        if hour < 0:
            return None
        zone = pytz.timezone(lead.tz or "UTC")
        local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
        since = local - local.replace(hour=min(hour, 23), minute=0, second=0, microsecond=0)
        return local.date() if timedelta() <= since < MORNING else None

    @api.model
    def _send_safely(self, lead, day, teams, now):
        """Send one digest; one that fails stops no other."""
        try:
            with self.env.cr.savepoint():
                self._send(lead, day, teams.filtered(lambda team: team.lead_id == lead), now)
        except psycopg2.errors.UniqueViolation:
            # another process sent it at the same moment
            return
        except Exception:
            _logger.exception("The digest of %s could not be sent", lead.login)

    @api.model
    def _send(self, lead, day, teams, now):
        """Send what the lead sees of their teams; nothing when no case is open."""
        companies = (lead.company_id | lead.company_ids).ids
        context = {"lang": lead.lang, "tz": lead.tz, "allowed_company_ids": companies}
        # with the lead's own rules: the figures are those of their overview
        own = self.env(user=lead.id, su=False, context={**self.env.context, **context})
        teams = teams.with_env(own)
        opened = sum(teams.mapped("open_count"))
        if not opened:
            return
        self.create({"user_id": lead.id, "day": day, "sent_at": now, "open_count": opened})
        currency = own.company.currency_id
        cases = own["exception.case"].search(
            [("team_id", "in", teams.ids), ("is_open", "=", True), ("is_leading", "=", True)],
            limit=LISTED,
        )
        here = self.with_context(lang=lead.lang)
        figures = [
            (here._label("open"), opened),
            (here._label("unassigned"), sum(teams.mapped("unassigned_count"))),
            (here._label("due_today"), sum(teams.mapped("due_today_count"))),
            (here._label("breached"), sum(teams.mapped("breached_count"))),
            (here._label("exposure"), format_amount(own, sum(teams.mapped("exposure")), currency)),
        ]
        values = {
            "figures": figures,
            "teams": ", ".join(teams.mapped("name")),
            "rows": [case._message_row(now=now) for case in cases],
            "more": 0,
        }
        subject = here._subject(figures)
        # sudo: mails are sent by the desk, not by the lead to themselves
        self.env["exception.case"]._tell_by_message(
            lead, subject, "exception_core.digest_message", values
        )

    @api.model
    def _label(self, name):
        return {
            "open": _("Open"),
            "unassigned": _("Unassigned"),
            "due_today": _("Due today"),
            "breached": _("Breached"),
            "exposure": _("At stake"),
        }[name]

    @api.model
    def _subject(self, figures):
        return _(
            "Exceptions this morning: %(open)s open, %(breached)s breached",
            open=figures[0][1],
            breached=figures[3][1],
        )
