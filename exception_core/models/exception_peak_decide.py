from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class ExceptionPeakDecide(models.Model):
    """Peak mode: agreeing, refusing, and its end."""

    _inherit = "exception.peak"

    def _refuse_agreement(self):
        """Say why the user cannot agree; None if they can."""
        self.ensure_one()
        user = self.env.user
        if self.state != "requested":
            return _("This request has been decided already.")
        if not user.has_group("exception_core.group_manager"):
            return _("Managers agree to peak mode.")
        if user.id == SUPERUSER_ID or user.share or not user.active:
            return _("Only a person agrees: no technical user and no program.")
        above = self.env["exception.config.change"]._above(user)
        if user == self.requested_by_id and not above:
            return _("You asked for it. Another manager agrees.")
        return None

    def agree(self):
        """Agree as a second person: it begins at its time and ends by itself."""
        for peak in self:
            peak._check_decision()
            peak._refuse_wrong()
            own = self.env.user == peak.requested_by_id
            # sudo: the state is the model's; every check was made
            peak.sudo().write({"state": "active", "own_agreement": own, **peak._decided()})
            peak._tell("peak.agreed", **({"own_agreement": self.env.user.name} if own else {}))
        return True

    def refuse(self):
        """Refuse a request; who asked withdraws it this way."""
        for peak in self:
            mine = self.env.user == peak.requested_by_id
            if not (mine and peak.state == "requested"):
                peak._check_decision()
            # sudo: as in agree
            peak.sudo().write({"state": "refused", **peak._decided()})
            peak._tell("peak.ended", refused=True)
        return True

    def end_now(self, reason=None):
        """End peak mode before its time: one manager is enough to be careful again.

        :param str reason: why, for the trail
        """
        if not self.env.user.has_group("exception_core.group_manager"):
            raise AccessError(_("Managers end peak mode."))
        self.check_access_rights("read")
        self.check_access_rule("read")
        for peak in self:
            if peak.state != "active":
                raise UserError(_("“%s” is not on.", peak.name))
            # sudo: as in agree
            peak.sudo()._end(fields.Datetime.now(), self.env.user, reason)
        return True

    def _check_decision(self):
        self.check_access_rights("read")
        self.check_access_rule("read")
        if self.env.su:
            raise UserError(_("A person agrees for themselves, not a program in their name."))
        if why_not := self.env.user._exception_refuse_actor():
            raise UserError(why_not)
        # one of two who decide at once waits for the other
        self.env.cr.execute(SQL("SELECT id FROM exception_peak WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(["state"])
        if why_not := self._refuse_agreement():
            raise UserError(why_not)

    def _decided(self):
        return {"agreed_by_id": self.env.uid, "agreed_at": fields.Datetime.now()}

    def _end(self, moment, user, reason=None):
        """Write down that peak mode is over, and tell who asked and agreed what passed."""
        for peak in self:
            peak.write(
                {"state": "ended", "ended_at": moment, "ended_by_id": user.id, "end_reason": reason}
            )
            peak._tell("peak.ended", reason=reason)
            people = (peak.requested_by_id | peak.agreed_by_id).partner_id
            peak.message_post(
                body=_("Peak mode is over: %s documents were let pass.", peak.passed_count),
                partner_ids=people.ids,
                subtype_xmlid="mail.mt_comment",
            )

    @api.model
    def _cron_end(self):
        """Write down the end of what is over by the clock."""
        now = fields.Datetime.now()
        over = self.search([("state", "=", "active"), ("date_until", "<=", now)])
        for peak in over:
            peak._end(peak.date_until, self.env.ref("base.user_root"))

    def _tell(self, event, reason=None, **data):
        """Append what happened to the trail of the configuration."""
        for peak in self:
            # sudo: the names of what is relaxed
            names = ", ".join(peak.sudo().detector_ids.mapped("name"))
            self.env["exception.audit.entry"].sudo()._audit_config(
                peak,
                event,
                after={
                    _("Detectors"): names,
                    _("From"): peak.date_from,
                    _("Until"): peak.date_until,
                },
                reason=reason or peak.reason,
                **data,
            )
