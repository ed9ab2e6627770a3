from psycopg2 import errors

from odoo import SUPERUSER_ID, _, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ExceptionApprovalStep(models.Model):
    """The only door to a decision: all checks, under a lock."""

    _inherit = "exception.approval.step"

    def _decide(self, decision, comment=None, way="form", user=None):
        """Decide this step.

        :param decision: ``approve`` or ``reject``
        :param comment: needed when rejecting
        :param way: from where, a key of ``WAYS``
        :param user: the person, where a signed link or token stands for a login
        :return: {"state": of the request afterwards, "message": one sentence}
        :raise UserError: why this person cannot decide it, or not now
        """
        self.ensure_one()
        user = user or self.env.user
        # sudo: every check is made below, for the person, in whose name all of it is done
        step = self.with_user(user).sudo()
        approval = step.approval_id
        approval._lock()
        comment = (comment or "").strip()
        if refusal := step._refuse_decision(user, decision, comment):
            raise UserError(refusal)
        return step._record_decision(user, decision, comment, way)

    def _refuse_decision(self, user, decision, comment):
        """Say why this person cannot decide this step now; None if they can."""
        return (
            self._refuse_ended()
            or self._refuse_actor(user)
            or self._refuse_unentitled(user)
            or self._refuse_words(decision, comment)
        )

    def _refuse_ended(self):
        approval = self.approval_id
        if approval.state == "pending" and self.state in self._deciding():
            return None
        last = approval.step_ids.decision_ids[:1]
        states = dict(approval._fields["state"]._description_selection(self.env))
        if last and approval.state != "pending":
            return _(
                "“%(request)s” was decided already: %(state)s, by %(user)s.",
                request=approval.name,
                state=states[approval.state],
                user=last.user_id.name,
            )
        if self.state == "waiting":
            return _("It is not the turn of “%s” yet.", self.name)
        return _(
            "“%(request)s” does not wait for “%(level)s” any more (%(state)s).",
            request=approval.name,
            level=self.name,
            state=states[approval.state],
        )

    def _refuse_actor(self, user):
        """Only a person decides: no superuser, no job, nobody from outside."""
        if user.id == SUPERUSER_ID or user.share or not user.active:
            return _("Only a person with a login of their own decides.")
        return None

    def _refuse_unentitled(self, user):
        """Say why it is not for this person to decide; None if it is."""
        question = self.approval_id._question()
        people, _needed, _problem = self._people_now(question)
        if user not in people:
            refusal = self.approval_id._refuse_for(user, question)
            return self._cannot_decide(user, refusal or _("The policy asks somebody else."))
        if user in self.decision_ids.user_id:
            return _("You have decided “%s” already; it waits for others.", self.name)
        return None

    def _cannot_decide(self, user, reason):
        return _(
            "%(user)s cannot decide “%(request)s”: %(reason)s",
            user=user.name,
            request=self.approval_id.name,
            reason=reason,
        )

    def _refuse_words(self, decision, comment):
        if decision not in ("approve", "reject"):
            return _("Approve or reject the request.")
        if decision == "reject" and not comment:
            return _("Say why you reject it: whoever asked goes on from there.")
        return None

    def _record_decision(self, user, decision, comment, way):
        approval = self.approval_id
        self.env["exception.approval.decision"]._record(
            [
                {
                    "step_id": self.id,
                    "user_id": user.id,
                    "decision": decision,
                    "comment": comment or False,
                    "at": fields.Datetime.now(),
                    "way": way,
                }
            ]
        )
        approval._audited(
            "approval.decided", reason=comment, level=self.name, decision=decision, way=way
        )
        if decision == "reject":
            self._close("rejected")
            approval._conclude("rejected", "manager", comment)
        elif len(self.decision_ids) >= self.needed:
            self._close("approved")
            approval._go_on(comment)
        return {"state": approval.state, "message": approval._message()}

    def _people_now(self, question):
        """Return who may decide this step now, how many must agree, and why nobody can, if so."""
        if not self.level_id:
            # deleted since: those who were asked go on
            return self.approver_ids, self.needed, None
        asked = self.env["exception.approval.matrix"]._asked(self.level_id, question)
        return asked.people, asked.needed, asked.problem


class ExceptionApproval(models.Model):
    """Deciding a request: finds the step that is the person's."""

    _inherit = "exception.approval"

    def approve(self, comment=None):
        """Agree to the request, as far as it is one's own to decide.

        :return: ``{"state", "message"}``
        """
        return self._decide_mine("approve", comment)

    def reject(self, comment, reason_id=None):
        """Reject the request, and say why.

        :param reason_id: a reason of the kind “Rejection”
        :return: ``{"state", "message"}``
        """
        reason = self.env["exception.case"]._reason(reason_id, "rejection")
        result = self._decide_mine("reject", comment)
        if reason:
            self._store({"rejection_id": reason.id})
        return result

    def _decide_mine(self, decision, comment, way="form", user=None):
        """Decide the step that waits for a person; see ``step._decide``."""
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")
        return self._step_of(user or self.env.user)._decide(decision, comment, way, user)

    def _step_of(self, user):
        """Return the step that waits for this person, else any that can say why not."""
        steps = self.sudo()._open_steps()
        mine = steps.filtered(lambda step: user in step.approver_ids)
        step = mine[:1] or steps[:1] or self.sudo().step_ids[-1:]
        if not step:
            raise UserError(_("“%s” waits for nobody's decision.", self.name))
        return step.with_env(self.env)

    def _lock(self):
        """Let nobody else decide meanwhile; what others have decided is read anew."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM exception_approval WHERE id = ANY(%s) FOR UPDATE NOWAIT",
                        self.ids,
                    )
                )
        except errors.LockNotAvailable as error:
            raise UserError(
                _(
                    "Somebody else decides “%s” at this moment. Look again in a few seconds.",
                    self[:1].name,
                )
            ) from error
        self.env.invalidate_all(flush=False)
