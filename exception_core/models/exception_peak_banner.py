from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_datetime

ROLES = ("user", "approver", "auditor")


class ExceptionPeakBanner(models.Model):
    """What the screens of the desk say while peak mode is on, or is asked for."""

    _inherit = "exception.peak"

    @api.model
    def status(self):
        """Return what the banner shows: what is on now, and to managers what waits for them.

        Of the companies that the user has switched on.

        :return: ``{"on": [{"id", "title", "detectors"}], "asked": [same]}``
        :raise AccessError: for people outside the suite
        """
        if not any(self.env.user.has_group(f"exception_core.group_{role}") for role in ROLES):
            raise AccessError(_("Only people of the exception desk see peak mode."))
        now = fields.Datetime.now()
        here = self.env.companies.ids
        ids = [
            peak
            for peak, begin, end, _relaxed, companies in self._windows()
            if begin <= now < end and not companies.isdisjoint(here)
        ]
        # sudo: who works on the desk knows what does not hold; the list of what passed is not read
        running = self.sudo().browse(ids)
        asked = running.browse()
        if self.env.user.has_group("exception_core.group_manager"):
            asked = running.search(
                [
                    ("state", "=", "requested"),
                    ("date_until", ">", now),
                    ("company_ids", "in", here),
                ]
            )
        return {
            "on": [peak._banner_line() for peak in running],
            "asked": [peak._banner_line(asked=True) for peak in asked],
        }

    def _banner_line(self, asked=False):
        zone = self.env.user.tz or "UTC"
        until = format_datetime(self.env, self.date_until, tz=zone, dt_format="short")
        if asked:
            title = _(
                "%(person)s asks for peak mode “%(name)s” until %(until)s.",
                person=self.requested_by_id.name,
                name=self.name,
                until=until,
            )
        else:
            title = _("Peak mode “%(name)s” until %(until)s.", name=self.name, until=until)
        names = ", ".join(self.detector_ids.mapped("name"))
        # who may look at the details: the rights of the user, not of the model
        can_open = self.with_env(self.env(su=False)).check_access_rights("read", False)
        return {"id": self.id, "title": title, "detectors": names, "can_open": can_open}

    def action_open_passed(self):
        """Open the list of what was let pass."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_peak_pass_action", [("peak_id", "=", self.id)]
        )

    def action_agree(self):
        """Agree to what is asked."""
        return self.agree()

    def action_refuse(self):
        """Refuse or withdraw what is asked."""
        return self.refuse()

    def action_end_now(self):
        """Let the detectors hold again at once."""
        return self.end_now()
