from odoo import SUPERUSER_ID, _, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .exception_approval import OPEN

REJECTED = "exception_core.activity_approval_rejected"


class ExceptionApprovalEnd(models.Model):
    """What follows from decisions: the next level, carrying out, or going back to the owner."""

    _inherit = "exception.approval"

    def _go_on(self, words=None):
        """Ask the next level; after the last one the request is approved."""
        steps = self.step_ids
        if any(step.state in ("waiting", *step._deciding()) for step in steps):
            self._ask_next()
            return
        escalated = any(step.decision_ids.user_id & step.extra_ids for step in steps)
        self._conclude("approved", "escalated" if escalated else "manager", words)

    def _conclude(self, state, outcome, words=None):
        """End the request with a decision, and let what follows from it follow."""
        open_steps = self.step_ids.filtered(
            lambda step: step.state in ("waiting", *step._deciding())
        )
        open_steps._close("skipped")
        self._store(
            {
                "state": state,
                "outcome": outcome,
                "conclusion": words or False,
                "decided_at": fields.Datetime.now(),
            }
        )
        self._audited(f"approval.{state}", reason=words, outcome=outcome)
        self._case_goes_on()
        if state == "approved":
            self._carry_out()
        else:
            self._return_to_owner(words)

    def _carry_out(self):
        """Carry out what was approved, once."""

    def _return_to_owner(self, words):
        """Give a rejected request back to whoever works on the case, with the reason."""
        case = self.case_id
        text = _("Rejected: %(request)s. %(reason)s", request=self.name, reason=words or "")
        case._note(text)
        owner = case.user_id or case.team_id.lead_id
        if owner:
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                REJECTED,
                date_deadline=fields.Date.context_today(self),
                summary=_("Rejected: %s", self.name),
                note=words and plaintext2html(words),
                user_id=owner.id,
            )
        asked_by = self.requested_by
        if asked_by not in (owner, self.env.user) and asked_by.id != SUPERUSER_ID:
            there = case.with_context(lang=asked_by.lang, tz=asked_by.tz)
            there._tell(asked_by, text, words)

    def _case_goes_on(self):
        """Let the case go on when nothing else on it waits for a decision."""
        for case in self.case_id:
            if case.state == "approval" and not case.approval_ids.filtered(
                lambda approval: approval.state in OPEN
            ):
                case._resume()

    def withdraw(self, reason=None):
        """Take a request back; whoever asked, the case's owner, its leads and managers can."""
        for approval in self:
            approval.check_access_rights("read")
            approval.check_access_rule("read")
            # sudo: every check is made for the person
            if refusal := approval.sudo()._refuse_withdrawal(self.env.user):
                raise UserError(refusal)
        self.sudo()._withdraw(reason)
        return True

    def _refuse_withdrawal(self, user):
        """Say why a person cannot take the request back; None if they can."""
        states = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in OPEN:
            return _(
                "“%(request)s” cannot be withdrawn any more: %(state)s.",
                request=self.name,
                state=states[self.state],
            )
        case = self.case_id
        involved = user in (self.requested_by | case.user_id | case.team_id.lead_id)
        if not involved and not user.has_group("exception_core.group_manager"):
            return _(
                "Only whoever asked, the owner of %s, the team lead or a manager withdraws it.",
                case.name,
            )
        return None

    def _withdraw(self, reason=None):
        """End requests without a decision."""
        for approval in self:
            approval._lock()
            approval.step_ids.filtered(
                lambda step: step.state in ("waiting", *step._deciding())
            )._close("skipped")
            approval._store(
                {
                    "state": "withdrawn",
                    "conclusion": reason or False,
                    "decided_at": fields.Datetime.now(),
                }
            )
            approval._audited("approval.withdrawn", reason=reason)
            approval._case_goes_on()

    def _message(self):
        """Say how the request stands, in one sentence."""
        states = dict(self._fields["state"]._description_selection(self.env))
        if self.state == "pending":
            waiting = ", ".join(self._open_steps().mapped("name"))
            return _("Noted. It waits for %s now.", waiting)
        return _("%(request)s: %(state)s", request=self.name, state=states[self.state])

    def _audited(self, event, reason=None, **data):
        """Note an event of the request on the trail of its case."""
        self.case_id._audit(event, reason=reason, request=self.name, approval=self.id, **data)
