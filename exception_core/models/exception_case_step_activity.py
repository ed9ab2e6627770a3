from odoo import fields, models


class MailActivity(models.Model):
    """The activity of a playbook's step: the face of the step, which holds the truth.

    Whoever marks it as done ticks the step off, and whoever gives it to somebody else gives the
    step. Deleting it changes nothing: the step still waits on the case.
    """

    _inherit = "mail.activity"

    exception_step_id = fields.Many2one(
        "exception.case.step",
        "Step of a playbook",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        steps = self.exception_step_id
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        steps.filtered(lambda step: step.state == "waiting").tick(feedback or None)
        return result

    def write(self, vals):
        """Write activities; the step goes to the person who gets its activity."""
        result = super().write(vals)
        if vals.get("user_id") and not self.env.su:
            self.exception_step_id._hand_over(self.env["res.users"].browse(vals["user_id"]))
        return result


class ExceptionCaseStepOwner(models.Model):
    """Steps that go to somebody else."""

    _inherit = "exception.case.step"

    def _hand_over(self, user):
        """Give waiting steps to another person, by whoever has a say about them."""
        waiting = self.filtered(lambda step: step.state == "waiting" and step.user_id != user)
        if waiting:
            waiting._check_verb(lambda step: step._refuse_person())
            # sudo: checked above; the engine's rows are written by the model only
            waiting.sudo().user_id = user

    def _follow_owner(self):
        """Give the steps that are for the case's owner to whoever owns the case now."""
        for step in self:
            user, team = step._owner()
            if user == step.user_id:
                continue
            step.write({"user_id": user.id, "team_id": team.id})
            step._cancel_activities()
            if step.kind in ("activity", "options"):
                step._remind(step.case_id, step._assignee(), step.name, step.instructions, step)


class ExceptionCase(models.Model):
    """Cases hand the steps of their owner on with themselves."""

    _inherit = "exception.case"

    def write(self, vals):
        """Write cases; the steps for the owner go to the new one."""
        result = super().write(vals)
        if "user_id" in vals:
            # sudo: steps are written by the model only
            steps = self.env["exception.case.step"].sudo()
            waiting = steps.search([("case_id", "in", self.ids), ("state", "=", "waiting")])
            waiting.filtered(
                lambda step: (step.settings or {}).get("owner_kind") == "case_owner"
            )._follow_owner()
        return result
