from psycopg2 import errors

from odoo import _, fields, models
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
        :return: ``{"state": of the request afterwards, "message": one sentence}``; the state
            "stale" says that nothing was decided, because what was asked about has changed
        :raise UserError: why this person cannot decide it, or not now
        """
        self.ensure_one()
        user = user or self.env.user
        # sudo: every check is made below, for the person, in whose name all of it is done
        step = self.with_user(user).sudo()
        approval = step.approval_id
        approval._lock()
        comment = _plain(comment)
        refusal = step._refuse_actor(user, way) or step._refuse_decision(user, decision, comment)
        if refusal:
            raise UserError(refusal)
        approval._lock_subject()
        if changes := approval._changes_now():
            return approval._renew(changes)
        return step._record_decision(user, decision, comment, way)

    def _refuse_decision(self, user, decision, comment):
        """Say why this person cannot decide this step now; None if they can."""
        return (
            self._refuse_ended()
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

    def _refuse_unentitled(self, user):
        """Say why it is not for this person to decide; None if it is."""
        question = self.approval_id._question()
        asked = self._asked_people(question)
        person = self._in_whose_name(user, asked)
        if not person:
            refusal = self.approval_id._refuse_for(user, question)
            return self._cannot_decide(user, refusal or _("The policy asks somebody else."))
        decided = self.decision_ids.filtered(
            lambda one: {user, person} & set(one.user_id | one.on_behalf_id)
        )
        if decided:
            return _(
                "%(user)s has decided “%(level)s” already; it waits for others.",
                user=decided[0].user_id.name,
                level=self.name,
            )
        return None

    def _in_whose_name(self, user, asked):
        """Return the person in whose name somebody decides, themselves for most; None: nobody."""
        return user if user in asked.people else asked.deputies.get(user)

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

    # ------------------------------------------------------------------
    # writing it down
    # ------------------------------------------------------------------

    def _record_decision(self, user, decision, comment, way):
        approval = self.approval_id
        question = approval._question()
        asked = self._asked_people(question)
        person = self._in_whose_name(user, asked)
        on_behalf = person if person != user else person.browse()
        override = approval._refuse_duty(user, question)
        self.env["exception.approval.decision"]._record(
            [
                {
                    "step_id": self.id,
                    "user_id": user.id,
                    "on_behalf_id": on_behalf.id,
                    "decision": decision,
                    "comment": comment or False,
                    "at": fields.Datetime.now(),
                    "way": way,
                    "override": override or False,
                }
            ]
        )
        approval._audited(
            "approval.decided",
            reason=comment,
            on_behalf=on_behalf,
            override=bool(override),
            level=self.name,
            decision=decision,
            way=way,
            **({"despite": override} if override else {}),
        )
        outcome = "escalated" if person in self.extra_ids else "manager"
        if decision == "reject":
            self._close("rejected")
            approval._conclude("rejected", outcome, comment)
        elif len(self.decision_ids) >= asked.needed or person in self.extra_ids:
            self._close("approved")
            approval._go_on(comment)
        return {"state": approval.state, "message": approval._message()}


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
        if reason and not (comment or "").strip():
            comment = reason.name
        result = self._decide_mine("reject", comment)
        if reason and result["state"] == "rejected":
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

    # ------------------------------------------------------------------
    # one after the other
    # ------------------------------------------------------------------

    def _lock(self):
        """Let nobody else decide meanwhile; what others have decided is read anew."""
        self._lock_rows(
            self,
            _(
                "Somebody else decides “%s” at this moment. Look again in a few seconds.",
                self[:1].name,
            ),
        )

    def _lock_subject(self):
        """Let nobody change the document between the look at it and the decision."""
        subject = self._subject()
        if subject is not None and subject._auto:
            self._lock_rows(
                subject,
                _(
                    "%s is being changed at this moment. Look again in a few seconds.",
                    self.res_name,
                ),
            )

    def _lock_rows(self, records, busy):
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id = ANY(%s) FOR NO KEY UPDATE NOWAIT",
                        SQL.identifier(records._table),
                        records.ids,
                    )
                )
        except errors.LockNotAvailable as error:
            raise UserError(busy) from error
        self.env.invalidate_all(flush=False)


def _plain(text):
    """Return what somebody wrote without what the database cannot keep."""
    return str(text or "").replace("\0", "").encode(errors="replace").decode().strip()
