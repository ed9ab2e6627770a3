from odoo import _, api, fields, models

from .exception_approval_question import Question
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
        if verdict.asked and verdict.outcome != "blocked":
            self.env["exception.approval.step"]._record(approval._step_values(verdict))
        approval._case_waits()
        approval._audited("approval.requested", reason=reason, why=verdict.why)
        if verdict.outcome == "auto":
            approval._conclude("approved", "policy", verdict.why)
        elif verdict.outcome == "blocked":
            approval._block(verdict.problem)
        else:
            approval._ask_next()
        return approval

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
    # questions
    # ------------------------------------------------------------------

    @api.model
    def _questions(self, pairs):
        """Return what is asked for as policies look at it.

        :param pairs: list of (case, run or None)
        """
        deciders, overseers = self._audience()
        rates = {}
        return [
            Question(
                case=case.sudo(),  # sudo: judged whoever asks
                requester=self._requester(case, run),
                record=self._record_of(case),
                run=run or None,
                action=(run.sudo().action_id or None) if run else None,
                asked_at=fields.Datetime.now(),
                severity=case.severity,
                risk=case.sudo()._risk_score(),
                deciders=deciders,
                overseers=overseers,
                rates=rates,
                **self._figures(case.sudo(), run and run.sudo()),
            )
            for case, run in pairs
        ]

    def _question(self):
        """Return what this request asks for; figures and requester as they were then."""
        self.ensure_one()
        approval = self.sudo()  # sudo: looked at by the model, whoever decides
        deciders, overseers = self._audience()
        return Question(
            case=approval.case_id,
            requester=approval.requested_by,
            record=approval._record_of(approval.case_id),
            owner=approval.owner_id,
            approval=approval,
            asked_at=approval.requested_at,
            asked_amount=approval.amount,
            currency=approval.currency_id,
            amount=approval.company_amount,
            has_margin=approval.has_margin,
            margin_before=approval.margin_before,
            margin_after=approval.margin_after,
            severity=approval.case_id.severity,
            risk=approval.case_id._risk_score(),
            deciders=deciders,
            overseers=overseers,
        )

    @api.model
    def _audience(self):
        """Return the ids of those who may decide at all, and of those who see private teams."""
        groups = {
            name: set(self.env.ref(f"exception_core.group_{name}").sudo().users.ids)
            for name in ("user", "approver", "manager")
        }
        return groups["user"] | groups["approver"], groups["manager"]

    @api.model
    def _requester(self, case, run):
        """Return who asks."""
        return self.env.user.sudo()

    @api.model
    def _record_of(self, case):
        if not case.res_id or case.res_model not in self.env:
            return None
        # sudo: judged whoever asks
        return self.env[case.res_model].sudo().browse(case.res_id).exists() or None

    @api.model
    def _figures(self, case, run):
        """Return amount, currency and margin of what is asked for; addons refine it."""
        return {
            "asked_amount": case.amount,
            "currency": case.currency_id,
            "amount": abs(case.company_amount),
        }

    @api.model
    def _snapshot(self, question):
        return {}

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
            people, needed, problem = step._people_now(question)
            if problem:
                self._block(problem)
                return
            step._ask(people, needed)

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

    def _block(self, problem):
        """Note that nobody can decide: the case shows it, and those who can help are told."""
        self._store({"state": "blocked", "problem": problem})
        self.case_id._note(
            _("Nobody can decide “%(name)s”: %(problem)s", name=self.name, problem=problem)
        )
        self._audited("approval.escalated", problem=problem)
