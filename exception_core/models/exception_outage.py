import logging

import psycopg2
from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

ACTIVITY = "exception_core.mail_activity_type_standstill"


class ExceptionOutage(models.Model):
    """A time in which part of the desk stood still.

    One is open at most: whatever else stops meanwhile is added to it, so that whoever is
    responsible gets one activity for one interruption. Written by the watchdog only.
    """

    _name = "exception.outage"
    _description = "Exception Interruption"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "noticed_at"

    noticed_at = fields.Datetime("Noticed", required=True, readonly=True)
    ended_at = fields.Datetime("Over since", readonly=True)
    what = fields.Text("What stood still", required=True, readonly=True)
    keys = fields.Char(readonly=True, required=True)
    user_id = fields.Many2one("res.users", "Told", readonly=True, ondelete="set null")

    def init(self):
        """Let two who look at the same moment note one interruption."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_outage_open_uniq"
                " ON exception_outage ((TRUE)) WHERE ended_at IS NULL"
            )
        )

    @api.model
    def _follow(self, findings, now):
        """Begin, update or end the interruption that some findings of the watchdog make."""
        outage = self.search([("ended_at", "=", False)], limit=1)
        keys = ",".join(sorted(found["key"] for found in findings))
        if outage.keys == keys or not (outage or findings):
            return
        try:
            with self.env.cr.savepoint():
                if not findings:
                    outage._end(now)
                elif outage:
                    outage._update(keys, findings)
                else:
                    self._begin(keys, findings, now)
        except psycopg2.Error as error:
            # somebody else looked at the same moment and has noted it
            _logger.info("Interruption noted elsewhere: %s", error)
            self.env.invalidate_all(flush=False)
        except Exception:
            # the banner counts more than the record of it, for example while no mail can be made
            _logger.exception("The interruption could not be noted")
            self.env.invalidate_all(flush=False)

    @api.model
    def _begin(self, keys, findings, now):
        user = self._responsible()
        outage = self.create(
            {
                "noticed_at": now,
                "keys": keys,
                "what": self._what(findings, user),
                "user_id": user.id,
            }
        )
        if user:
            outage.activity_schedule(
                ACTIVITY,
                summary=_("Part of the exception desk stands still"),
                note=outage._note(),
                user_id=user.id,
                date_deadline=fields.Date.context_today(outage),
            )

    def _update(self, keys, findings):
        self.write({"keys": keys, "what": self._what(findings, self.user_id)})
        self.activity_search([ACTIVITY]).write({"note": self._note()})

    def _end(self, now):
        self.write({"ended_at": now})
        self.activity_unlink([ACTIVITY])

    @api.model
    def _what(self, findings, user):
        """Say what stands still, with days and zone: it is read later, too."""
        zone = user.tz or "UTC"
        watchdog = self.env["exception.watchdog"].with_context(exception_kept_zone=zone)
        return "\n".join(watchdog._sentence(found) for found in findings)

    def _note(self):
        lines = Markup("").join(Markup("<li>%s</li>") % line for line in self.what.splitlines())
        return Markup("<ul>%s</ul>") % lines

    @api.model
    def _responsible(self):
        """Return who is told: as the settings say, else the first administrator of the desk."""
        group = self.env.ref("exception_core.group_lead")
        chosen = self.env["ir.config_parameter"].get_param("exception_core.watch_user_id")
        user = self.env["res.users"].browse(int(chosen) if str(chosen).isdigit() else ())
        if user.exists() and user.active and group in user.groups_id:
            return user
        admins = [("groups_id", "in", self.env.ref("exception_core.group_admin").id)]
        return self.env["res.users"].search(
            [*admins, ("id", "!=", self.env.uid)], order="id", limit=1
        )
