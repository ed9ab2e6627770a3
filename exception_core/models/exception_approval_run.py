from odoo import _, fields, models

from ..tools.action_errors import ActionRefused

# How a run ended, and what its request says then.
ENDED = {"done": "executed", "failed": "failed"}


class ExceptionApproval(models.Model):
    """What is carried out once it is approved."""

    _inherit = "exception.approval"

    run_id = fields.Many2one(
        "exception.action.run", "Carries out", index="btree_not_null", ondelete="restrict"
    )
    action_id = fields.Many2one("exception.action", index="btree_not_null", ondelete="restrict")

    def _request_values(self, question, verdict, reason):
        values = super()._request_values(question, verdict, reason)
        run = question.run
        if run:
            values.update(run_id=run.id, action_id=run.action_id.id)
        return values

    def _request_name(self, question):
        run = question.run
        if not run:
            return super()._request_name(question)
        return run.action_id._describe(run.case_id, run.values)

    def _begin(self, question, verdict, reason):
        if question.run:
            question.run._store({"approval_id": self.id})
        return super()._begin(question, verdict, reason)

    def _carry_out(self):
        """Carry out what was approved, once."""
        result = super()._carry_out()
        for approval in self.filtered("run_id"):
            approval.run_id._approved(approval)
        return result

    def _return_to_owner(self, words):
        result = super()._return_to_owner(words)
        for approval in self.filtered("run_id"):
            approval.run_id._rejected(approval)
        return result

    def _withdraw(self, reason=None):
        result = super()._withdraw(reason)
        for approval in self.filtered("run_id"):
            approval.run_id._withdrawn(approval)
        return result

    def _requester(self, case, run):
        """Return who asks: whoever submitted the run, or the system."""
        # sudo: names of colleagues
        return run.sudo().requested_by if run else super()._requester(case, run)

    def _proposers(self, run):
        """Return whoever proposed a run or the way out it is, or had it proposed for them."""
        people = super()._proposers(run)
        if run:
            run = run.sudo()  # sudo: as above
            people |= run.on_behalf_id
            people |= run._option_people()
        return people

    def _figures(self, question):
        """Return the figures of what is carried out, where the action moves money."""
        figures = super()._figures(question)
        run = question.run
        if not run or run.action_id.money == "none":
            return figures
        return {
            **figures,
            "asked_amount": run.amount,
            "currency": run.currency_id,
            "amount": abs(run.company_amount),
            "typed": question.typed and run.action_id.money == "case",
        }


class ExceptionActionRun(models.Model):
    """A run that people agreed to: carried out as they saw it, or asked for again."""

    _inherit = "exception.action.run"

    def _claim(self):
        """Begin the run, unless what was approved has changed: then people are asked again."""
        approval = self.approval_id
        if self.state == "queued" and approval and not approval._is_unchanged():
            self._store(self._end_values("approval"))
            return None
        return super()._claim()

    def _do(self, running):
        """Carry out what was approved, and keep it from changing until that is done."""
        approval = self.approval_id
        if approval:
            approval._lock_subject()
            if approval._changes_now():
                raise ActionRefused(
                    _("%s was changed at this very moment. Try again.", approval.res_name)
                )
        return super()._do(running)

    def _ended(self):
        """Say on the request what became of it."""
        result = super()._ended()
        approval = self.approval_id
        if approval.state in ("approved", "failed") and self.state in ENDED:
            approval._store({"state": ENDED[self.state]})
        return result


class ExceptionApprovalMatrix(models.Model):
    """A policy for some actions only."""

    _inherit = "exception.approval.matrix"

    action_ids = fields.Many2many(
        "exception.action",
        "exception_approval_matrix_action_rel",
        "matrix_id",
        "action_id",
        "Actions",
        help="Requests to do these; empty: any.",
    )

    def _fits(self, question):
        asked = question.action or self.env["exception.action"]
        return super()._fits(question) and (not self.action_ids or asked in self.action_ids)

    def _named_for(self, question):
        named = question.action.matrix_id if question.action else self.browse()
        return named or super()._named_for(question)
