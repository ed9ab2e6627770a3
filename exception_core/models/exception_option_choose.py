from odoo import _, fields, models
from odoo.exceptions import UserError


class ExceptionOptionChoose(models.Model):
    """What people decide about ways out: take one, which rules out the others, or rule one out."""

    _inherit = "exception.option"

    def choose(self):
        """Take this way out: do its action, or ask for the approval that it needs.

        Once, whoever clicks how often: the others of the case are not taken any more.

        :return: as ``exception.case.run_action``
        """
        self.ensure_one()
        case = self._check_may_decide()
        # sudo: access was checked; options and steps are written by the model only
        option = self.sudo()
        step = option.case_step_id._waiting_for_choice()
        step.play_id._lock()
        others = option._lock_proposed(case) - option
        if refusal := option._refuse_choice():
            raise UserError(refusal)
        option._give_up_failed()
        action = self.env["exception.action"].browse(option.action_id.id)
        action.check_access_rule("read")
        reason = option._choice_words()
        run = action._propose(case, option.values, reason, case_step=step, option=option).sudo()
        option._store(
            {
                "state": "chosen",
                "chosen_by": self.env.uid,
                "chosen_at": fields.Datetime.now(),
                "run_id": run.id,
            }
        )
        others._store({"state": "dismissed", "reason": _("“%s” was chosen.", option.name)})
        option._audit_choice(run, others)
        run._submit()
        step._follow_choice(run)
        return run._answer()

    def dismiss(self, reason):
        """Rule a way out out, so that nobody takes it.

        :param reason: why, for those who read the case later
        """
        self.ensure_one()
        case = self._check_may_decide()
        if not (reason or "").strip():
            raise UserError(_("Say why, for whoever reads the case later."))
        option = self.sudo()  # sudo: as in choose
        step = option.case_step_id._waiting_for_choice()
        step.play_id._lock()
        option._lock_proposed(case)
        if option.state != "proposed":
            raise UserError(option._ended_words())
        option._store({"state": "dismissed", "reason": reason, "dismissed_by": self.env.uid})
        case._audit("option.dismissed", reason=reason, option=option.id, key=option.key)
        case.sudo()._note(_("Ruled out: “%(name)s”. %(why)s", name=option.name, why=reason))
        step._follow_choice()
        return True

    def _check_may_decide(self):
        """Check that the user may work the case, as for an action; return it with their rights."""
        self.check_access_rights("read")
        self.check_access_rule("read")
        case = self.case_id
        case.check_access_rights("write")
        case.check_access_rule("write")
        return case

    def _refuse_choice(self):
        """Say why this way out cannot be taken; None if it can. Called with the rows locked."""
        self.ensure_one()
        if self.state != "proposed":
            return self._ended_words()
        return self.case_id._refuse_option_at_work()

    def _ended_words(self):
        words = {
            "chosen": _(
                "“%(option)s” was chosen by %(who)s already.",
                option=self.name,
                who=self.chosen_by.name,
            ),
            "dismissed": _("“%s” was ruled out.", self.name),
            "withdrawn": _("“%s” is no way out any more. Propose options again.", self.name),
        }
        said = words[self.state]
        return f"{said} {self.reason}" if self.reason and self.state != "withdrawn" else said

    def _give_up_failed(self):
        """Give up what was chosen before and failed, so that nobody tries it again as well."""
        failed = self.case_id.option_ids.run_id.filtered(lambda run: run.state == "failed")
        failed._end("abandoned", reason=_("Another way out was chosen: %s", self.name))

    def _audit_choice(self, run, others):
        self.case_id._audit(
            "option.chosen",
            option=self.id,
            key=self.key,
            rank=self.rank,
            score=round(self.score, 1),
            run=run.id,
            not_taken=others.mapped("key"),
        )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_choose(self):
        """Take this way out, and say what keeps it from being done at once."""
        answer = self.choose()
        if answer["why"]:
            return self.case_id._notification(_("Not done yet"), answer["why"], "warning")
        return True

    def action_dismiss(self):
        """Ask why, then rule this way out out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.option.dismiss",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Rule out: %s", self.name),
            "context": {"default_option_id": self.id},
        }
