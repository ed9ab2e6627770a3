from odoo import api, fields, models

from .exception_approval_question import People, Question


class ExceptionApprovalBuild(models.Model):
    """What is asked for, made ready for policies and duties: a few statements for any batch."""

    _inherit = "exception.approval"

    @api.model
    def _questions(self, pairs):
        """Return what is asked for as policies look at it.

        :param pairs: list of (case, run or None)
        :return: list of :class:`Question`, in order
        """
        people = self._people()
        none = self.env["res.users"].sudo()  # sudo: judged whoever asks
        cases = self.env["exception.case"].sudo().union(*(case for case, _run in pairs))
        records = self._records_of(cases)
        typed = self._typed_amounts(cases)
        for case, run in pairs:
            case, run = case.sudo(), run and run.sudo() or None  # sudo: as above
            record = records.get(case.id)
            question = Question(
                case=case,
                requester=self._requester(case, run),
                proposers=self._proposers(run),
                owner=none,
                approval=self.browse(),
                step=self.env["exception.approval.step"],
                record=record,
                run=run,
                action=run and run.action_id or None,
                asked_at=fields.Datetime.now(),
                severity=self._severity_of(case),
                risk=case._risk_score(),
                people=people,
                typed=case.id in typed,
                chosen=case.id in typed,
            )
            for name, value in self._figures(question).items():
                setattr(question, name, value)
            people.questions.append(question)
        return people.questions

    def _question(self):
        """Return what this request asks for; figures and requester as they were then."""
        self.ensure_one()
        approval = self.sudo()  # sudo: looked at by the model, whoever decides
        case = approval.case_id
        people = approval._people()
        question = Question(
            case=case,
            requester=approval.requested_by,
            proposers=approval._proposers(approval.run_id),
            owner=approval.owner_id,
            approval=approval,
            step=approval.env["exception.approval.step"],
            record=self._records_of(case).get(case.id),
            run=approval.run_id or None,
            action=approval.action_id or None,
            asked_at=approval.requested_at,
            asked_amount=approval.amount,
            currency=approval.currency_id,
            amount=approval.company_amount,
            has_margin=approval.has_margin,
            margin_before=approval.margin_before,
            margin_after=approval.margin_after,
            severity=self._severity_of(case),
            risk=case._risk_score(),
            people=people,
        )
        people.questions.append(question)
        return question

    @api.model
    def _severity_of(self, case):
        """Return how bad a case is: who makes it less severe asks the same people as before."""
        entry = (case.decisions or {}).get("severity", {})
        if "person" not in entry:
            return case.severity
        before = (case.severity, entry.get("was"), entry["person"].get("old"))
        # "1" is the worst
        return min(filter(None, before))

    @api.model
    def _people(self):
        """Return what is known of people: who may decide, and who stands in for whom."""
        groups = {
            # sudo: who has a role is no secret to the model
            name: set(self.env.ref(f"exception_core.group_{name}").sudo().users.ids)
            for name in ("user", "approver", "manager")
        }
        running = self.env["exception.approval.delegation"]._running(fields.Datetime.now())
        deputies = {}
        for one in running:
            deputies[one.user_id] = deputies.get(one.user_id, one.deputy_id) | one.deputy_id
        return People(
            deciders=groups["user"] | groups["approver"],
            overseers=groups["manager"],
            acting={one.user_id: one.deputy_id for one in running},
            chosen_by={one.user_id: one.create_uid for one in running},
            deputies=deputies,
        )

    @api.model
    def _requester(self, case, run):
        """Return who asks."""
        return self.env.user.sudo()  # sudo: names and companies of colleagues

    @api.model
    def _proposers(self, run):
        """Return whoever proposed what is asked for."""
        return self.env["res.users"].sudo()  # sudo: as above

    @api.model
    def _records_of(self, cases):
        """Return {case id: its record}; cases without one are left out."""
        found = {}
        for model, group in cases.grouped("res_model").items():
            if not model or model not in self.env or self.env[model]._abstract:
                continue
            # sudo: judged whoever asks
            records = self.env[model].sudo().browse(group.mapped("res_id")).exists()
            by_id = {record.id: record for record in records}
            found.update((case.id, by_id[case.res_id]) for case in group if case.res_id in by_id)
        return found

    @api.model
    def _typed_amounts(self, cases):
        """Return the ids of cases of which a person gave or changed what is at stake."""
        edited = self.env["exception.approval.edit"]._of_case(cases.ids)
        return {case.id for case in cases if not case.detector_id or case.id in edited}

    @api.model
    def _figures(self, question):
        """Return amount, currency and margin of what is asked for; addons refine it.

        A record says with ``_exception_margins(run)`` what its margin is before and after, in the
        currency of its company.
        """
        case, record = question.case, question.record
        margins = None
        if hasattr(record, "_exception_margins"):
            margins = record._exception_margins(question.run)
        before, after = margins or (0.0, 0.0)
        return {
            "asked_amount": case.amount,
            "currency": case.currency_id,
            "amount": abs(case.company_amount),
            "has_margin": margins is not None,
            "margin_before": before,
            "margin_after": after,
        }
