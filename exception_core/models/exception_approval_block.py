from odoo import _, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

ACTIVITY = "exception_core.activity_approval_blocked"


class ExceptionApprovalBlock(models.Model):
    """Requests that nobody can decide: nothing passes, and those who can help are told."""

    _inherit = "exception.approval"

    def _block(self, problem):
        """Note that nobody can decide: the case shows it, and somebody is given the task."""
        self._store({"state": "blocked", "problem": problem})
        case = self.case_id
        case._note(_("Nobody can decide “%(name)s”: %(problem)s", name=self.name, problem=problem))
        self._audited("approval.escalated", problem=problem)
        helper = self._helper()
        if helper and not case.activity_search([ACTIVITY], user_id=helper.id):
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY,
                date_deadline=fields.Date.context_today(self),
                summary=_("Nobody can decide: %s", self.name),
                note=plaintext2html(problem),
                user_id=helper.id,
            )
            there = case.with_context(lang=helper.lang, tz=helper.tz)
            there._tell(helper, _("Nobody can decide: %s", self.name), problem)

    def _helper(self):
        """Return who is told that nobody can decide: the policy's owner, else who sees the case."""
        case = self.case_id
        audience = case._escalation_audience()
        managers = self.env.ref("exception_core.group_manager").users
        admins = self.env.ref("exception_core.group_admin").users
        ranked = [
            *self.matrix_id.owner_id,
            *case.team_id.lead_id,
            *admins.sorted("id"),
            *managers.sorted("id"),
        ]
        return next(
            (user for user in ranked if user.active and case._may_be_told(user, audience)),
            self.env["res.users"],
        )

    def ask_again(self):
        """Judge blocked requests anew, after a policy or its people were put right."""
        for approval in self:
            approval.check_access_rights("read")
            approval.check_access_rule("read")
            # sudo: every check is made for the person
            if refusal := approval.sudo()._refuse_asking_again(self.env.user):
                raise UserError(refusal)
        for approval in self.sudo():
            approval._lock()
            approval._try_again()
        return True

    def _refuse_asking_again(self, user):
        if self.state != "blocked":
            return _("“%s” is not blocked.", self.name)
        case = self.case_id
        involved = user in (self.requested_by | case.user_id | case.team_id.lead_id)
        if not involved and not user.has_group("exception_core.group_manager"):
            return _(
                "Only whoever asked, the owner of %s, the team lead or a manager asks again.",
                case.name,
            )
        return None

    def _try_again(self):
        """Judge one blocked request anew; it stays blocked where nobody can decide yet."""
        if changes := self._changes_now():
            self._unblock()
            self._renew(changes)
            return
        if self.step_ids:
            # blocked at a later level: what was decided before stays
            self._unblock()
            self._ask_next()
            return
        question = self._question()
        question.typed = question.chosen = self.case_id.id in self._typed_amounts(self.case_id)
        verdict = self.env["exception.approval.matrix"]._judge([question])[0]
        if verdict.outcome == "blocked":
            self._store({"problem": verdict.problem})
            return
        self._unblock()
        self._store({"matrix_id": verdict.matrix.id, "why": verdict.why})
        self.env["exception.approval.step"]._record(self._step_values(verdict))
        if verdict.outcome == "auto":
            self._conclude("approved", "policy", verdict.why)
        else:
            self._ask_next()

    def _unblock(self):
        self._store({"state": "pending", "problem": False})
        self._close_help()

    def _close_help(self):
        """Take away the task to help, when no request of the case is blocked any more."""
        for case in self.case_id:
            if not case.approval_ids.filtered(lambda one: one.state == "blocked"):
                case.activity_unlink([ACTIVITY])

    def _conclude(self, state, outcome, words=None):
        result = super()._conclude(state, outcome, words)
        self._close_help()
        return result

    def _withdraw(self, reason=None):
        result = super()._withdraw(reason)
        self._close_help()
        return result
