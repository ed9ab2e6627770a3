from odoo import _, fields, models


class ExceptionCaseStart(models.Model):
    """Start: the owner begins a case that the machine had given them."""

    _inherit = "exception.case"

    def start(self):
        """Begin cases of one's own: in progress, which is their first response."""

        def refuse(case):
            if case.user_id != self.env.user:
                return case._refuse_ended() or case._refuse_start()
            if case.state != "new":
                return case._refuse_ended() or _("%s was started already.", case.name)
            return None

        return self._run_verb(refuse, lambda cases: cases._start())

    def _refuse_start(self):
        if not self.user_id:
            return _("Nobody owns %s yet. Take it, that starts it as well.", self.name)
        return _(
            "%(case)s belongs to %(user)s, who starts it.",
            case=self.name,
            user=self.user_id.name,
        )

    def _start(self):
        """Note that the owner began."""
        self.write({"state": "open"})
        self._respond(fields.Datetime.now())

    def action_start(self):
        """Begin these cases."""
        return self._show_result(self.start(), _("Started"))

    def _next_step(self):
        if self.state == "new" and self.user_id and self.user_id == self.env.user:
            return _("Start it, so that everybody sees that you are on it")
        if self.state in ("new", "open") and not self.user_id:
            return self._why_unassigned() or super()._next_step()
        return super()._next_step()

    def _why_unassigned(self):
        """Say why the team's method gave the case to nobody; None when it will, or has none."""
        # sudo: only numbers of the team's members are read
        team = self.team_id.sudo()
        if team.assignment_method not in ("round_robin", "least_loaded"):
            return None
        queue = team._assignment_queues(fields.Datetime.now())[team.id]
        company_id = self.company_id.id
        if queue.able(company_id):
            return None
        if not team.member_ids:
            return _("Nobody is a member of %s: take it, or ask the lead", team.name)
        if any(company_id in member.companies for member in queue.members):
            return _("Everybody of %s has a full desk: take it, or ask the lead", team.name)
        return _("Nobody of %s can take it now: take it, or ask the lead", team.name)
