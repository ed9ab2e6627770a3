from odoo import _, api, fields, models

from .exception_case_work import WORKABLE


class ExceptionApprovalRequest(models.Model):
    """Asking: what is asked for, which policy judges it, and who is asked first."""

    _inherit = "exception.approval"

    @api.model
    def _request(self, case, run=None, reason=None):
        """Ask for agreement to carry something out on a case.

        :param case: the exception case
        :param run: the ``exception.action.run`` that runs once it is approved
        :param reason: why it is asked for, in the words of whoever asks
        :return: the request: approved by policy, waiting for people, or blocked
        """
        # sudo: policies, people and the record are looked at by the model, whoever asks
        approvals = self.sudo()
        question = approvals._questions([(case, run)])[0]
        verdict = approvals.env["exception.approval.matrix"]._judge([question])[0]
        return approvals._open(question, verdict, reason).with_env(self.env)

    def _open(self, question, verdict, reason, **vals):
        """Make the request of a verdict and begin it."""
        approval = self._record([{**self._request_values(question, verdict, reason), **vals}])
        if verdict.outcome != "blocked":
            self.env["exception.approval.step"]._record(approval._step_values(verdict))
        approval._begin(question, verdict, reason)
        return approval

    def _begin(self, question, verdict, reason):
        """Let the case wait, and ask whoever is first; a policy may decide at once."""
        self._case_waits()
        self._audited("approval.requested", reason=reason, why=verdict.why)
        if verdict.outcome == "auto":
            self._conclude("approved", "policy", verdict.why)
        elif verdict.outcome == "blocked":
            self._block(verdict.problem)
        else:
            self._ask_next()

    @api.model
    def _request_values(self, question, verdict, reason):
        case = question.case
        record = question.record
        about = record if record is not None else case
        return {
            "name": self._request_name(question),
            "case_id": case.id,
            "reason": reason or False,
            "requested_by": question.requester.id,
            "requested_at": fields.Datetime.now(),
            "owner_id": case.user_id.id,
            "company_id": case.company_id.id,
            "res_model": about._name,
            "res_id": about.id,
            "res_name": case.res_name or about.display_name,
            "partner_id": case.partner_id.id,
            "amount": question.asked_amount,
            "currency_id": (question.currency or case.currency_id).id,
            "company_amount": question.amount,
            "has_margin": question.has_margin,
            "margin_before": question.margin_before,
            "margin_after": question.margin_after,
            "matrix_id": verdict.matrix.id,
            "why": verdict.why,
            "problem": verdict.problem,
            "snapshot": self._snapshot(question),
            "state": "blocked" if verdict.outcome == "blocked" else "pending",
        }

    @api.model
    def _request_name(self, question):
        return question.action.name if question.action else question.case.title

    def _step_values(self, verdict):
        return [
            {
                "approval_id": self.id,
                "level_id": asked.level.id,
                "name": asked.level.name,
                "sequence": place,
                "why": asked.level._when_words(),
                "needed": asked.needed,
                "left_out": "\n".join(sentence for _user, sentence in asked.left_out) or False,
                "state": "skipped" if verdict.outcome == "auto" else "waiting",
            }
            for place, asked in enumerate(verdict.asked, start=1)
        ]

    # ------------------------------------------------------------------
    # whose turn it is
    # ------------------------------------------------------------------

    def _ask_next(self):
        """Ask the next level, or all of them at once where the policy says so."""
        self.ensure_one()
        waiting = self.step_ids.filtered(lambda step: step.state == "waiting")
        if self._open_steps():
            return
        steps = waiting[:1] if self.matrix_id.in_order else waiting
        question = self._question()
        for step in steps:
            asked = step._asked_people(question)
            if asked.problem:
                self._block(asked.problem)
                return
            step._ask(asked)

    def _case_waits(self):
        """Let the case wait for the decision: asking is a person's step."""
        case = self.case_id
        if case.state not in WORKABLE:
            return
        case._respond(fields.Datetime.now())
        case.write(
            {
                "state": "approval",
                "waiting_for": False,
                "waiting_until": False,
                "waiting_note": False,
            }
        )
        case._note(
            _("Approval requested: %(request)s. %(why)s", request=self.name, why=self.why or "")
        )
