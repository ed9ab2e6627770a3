from odoo import _, models
from odoo.exceptions import UserError


class ExceptionApprovalStep(models.Model):
    """Who may hand a step on, and to whom."""

    _inherit = "exception.approval.step"

    def _refuse_handing(self, user, delegate):
        """Say why a person cannot hand this step to another one; None if they can."""
        if refusal := self._refuse_decision(user, "approve", ""):
            return refusal
        question = self.approval_id._question()
        asked = self._asked_people(question)
        if user not in asked.people:
            return _("Only whoever is asked hands it on, and not a deputy.")
        if not delegate or delegate == user:
            return _("Choose to whom you hand it.")
        if delegate in asked.people:
            return _("%s is asked already.", delegate.name)
        return self.approval_id._refuse_deputy(delegate, question)


class ExceptionApproval(models.Model):
    """Handing one request on to somebody else, who decides in one's name."""

    _inherit = "exception.approval"

    def delegate(self, user_id, comment=None):
        """Hand one's own decision on this request to somebody else; both names are kept."""
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")
        delegate = self.env["res.users"].browse(user_id).exists()
        request = self.sudo()  # sudo: every check is made for the person
        request._lock()
        step = request._step_of(self.env.user).sudo()
        refusal = step._refuse_actor(self.env.user, "form") or step._refuse_handing(
            self.env.user, delegate
        )
        if refusal:
            raise UserError(refusal)
        step._store({"handed": {**(step.handed or {}), str(delegate.id): self.env.uid}})
        step._ask(step._asked_people(request._question()), step.state)
        request._audited("approval.delegated", reason=comment, to=delegate.name)
        return True

    def action_hand_on(self):
        """Ask to whom the request is handed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.approval.hand",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Hand on"),
            "context": {"default_approval_id": self.id},
        }
