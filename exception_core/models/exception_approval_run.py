from datetime import timedelta

from odoo import _, fields, models
from odoo.exceptions import UserError

from ..tools.action_errors import ActionNotSent
from .exception_action_run_budget import COUNTED

# What is asked for within so long counts as parts of one thing.
PARTS = timedelta(days=30)
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

    def _ask_anew(self):
        """Ask again for a run that was about to begin: it waits from now on.

        Before anybody answers, because a policy may agree at once.
        """
        run = self.run_id
        if run.state == "queued":
            run._store(run._end_values("approval"))
        if run.action_id.money == "case":
            # what is at stake now is what is asked about
            values = run.action_id._run_values(run.case_id, run.values or {}, run.automated)
            run._store({name: values[name] for name in ("amount", "currency_id", "company_amount")})
        return super()._ask_anew()

    def _requester(self, case, run):
        """Return who asks: whoever submitted the run, or the system."""
        # sudo: names of colleagues
        return run.sudo().requested_by if run else super()._requester(case, run)

    def _proposers(self, run):
        """Return whoever proposed a run or the way out it is, or had it proposed for them."""
        people = super()._proposers(run)
        if run:
            run = run.sudo()  # sudo: as above
            # also whoever asked for it first: another one may have submitted it since
            people |= run.on_behalf_id | run.create_uid | run.asked_ids.requested_by
            people |= run._option_people()
            people -= self.env.ref("base.user_root")
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
            "earlier": run._moved_lately(),
            "typed": question.typed and run.action_id.money == "case",
        }


class ExceptionActionRun(models.Model):
    """A run that people agreed to: carried out as they saw it, or asked for again."""

    _inherit = "exception.action.run"

    asked_ids = fields.One2many("exception.approval", "run_id", "Requests", readonly=True)

    def _moved_lately(self):
        """Return what the action has moved, or is about to, on the same record lately."""
        domain = [
            ("action_id", "=", self.action_id.id),
            ("record_key", "=", self.record_key),
            ("company_id", "=", self.company_id.id),
            ("state", "in", ("queued", *COUNTED)),
            ("undo_of_id", "=", False),
            ("create_date", ">=", fields.Datetime.now() - PARTS),
            ("id", "!=", self.id),
        ]
        # sudo: what was moved counts, whoever may read the cases that moved it
        groups = self.sudo()._read_group(domain, [], ["company_amount:sum"])
        return groups[0][0] or 0.0

    def _claim(self):
        """Begin the run, unless what was approved has changed: then people are asked again."""
        approval = self.approval_id
        if self.state == "queued" and approval and not approval._is_unchanged():
            return None
        return super()._claim()

    def _do(self, running):
        """Carry out what was approved, and keep it from changing until that is done.

        Where it changes at this moment the run is queued again: the next attempt does it, or asks
        people anew.
        """
        approval = self.approval_id
        if approval:
            try:
                approval._lock_subject()
            except UserError as error:
                raise ActionNotSent(str(error)) from error
            if approval._changes_now():
                raise ActionNotSent(_("%s was changed at this very moment.", approval.res_name))
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
