from odoo import _, fields, models
from odoo.exceptions import UserError

from .exception_problem import ENDED, WORKED


class ExceptionProblemWork(models.Model):
    """Working on problems. Verbs answer ``{"done": [ids], "skipped": [{"id", "reason"}]}``.

    The ids are those of cases where a verb is about cases, else of problems. Whoever may write
    cases and read the problem adds and removes cases; the rest is for those who may write it.
    """

    _inherit = "exception.problem"

    # ------------------------------------------------------------------
    # its cases
    # ------------------------------------------------------------------

    def add_cases(self, case_ids):
        """Put cases into this problem; cases of another problem stay there."""
        self._check_one()

        def refuse(case):
            if case.problem_id == self:
                return _("%s belongs to this problem already.", case.name)
            if case.problem_id:
                return _(
                    "%(case)s belongs to %(problem)s. Take it out there first.",
                    case=case.name,
                    problem=case.problem_id.sudo().name,  # sudo: its number only
                )
            return case._refuse_problem(self)

        return self._run_on_cases(case_ids, refuse, self._attach)

    def remove_cases(self, case_ids):
        """Take cases out of this problem."""
        self._check_one()

        def refuse(case):
            if case.problem_id != self:
                return _("%s does not belong to this problem.", case.name)
            return None

        def apply(cases):
            cases.write({"problem_id": False})
            cases._note(_("Taken out of the problem %s.", self.display_name))
            self.sudo()._refresh()  # sudo: types and severity follow from the cases

        return self._run_on_cases(case_ids, refuse, apply)

    def _attach(self, cases):
        """Let these cases (superuser) join, and say so on each."""
        cases.write({"problem_id": self.id})
        cases._note(_("Belongs to the problem %s now.", self.display_name))
        # sudo: types and severity follow from the cases
        self.sudo()._refresh()

    def _run_on_cases(self, case_ids, refuse, apply):
        """Run a verb of cases; a single case that is refused is skipped, too, never raised."""
        cases = self.env["exception.case"].browse(case_ids).exists()
        done, reasons = self.env["exception.case"], {}
        cases.check_access_rights("write")
        cases.check_access_rule("write")
        for case in cases:
            reason = refuse(case)
            if reason:
                reasons[case.id] = reason
            else:
                done += case
        if done:
            # sudo: access was checked above; which problem a case is in only the model writes
            apply(done.sudo())
        skipped = [{"id": case_id, "reason": reason} for case_id, reason in reasons.items()]
        return {"done": done.ids, "skipped": skipped}

    def _check_one(self):
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")

    # ------------------------------------------------------------------
    # its life
    # ------------------------------------------------------------------

    def start(self):
        """Begin to look for the cause."""

        def refuse(problem):
            return None if problem.state == "open" else _("%s was started before.", problem.name)

        return self._run_on_problems(
            refuse,
            lambda problems: problems.write(
                {"state": "in_progress", "started_at": fields.Datetime.now()}
            ),
        )

    def resolve_together(self, root_cause_id=None, resolution_id=None, note=None):
        """Resolve all open cases of the problem, each by the rules of its type, and then itself.

        :return: done and skipped cases; ``resolved`` tells whether the problem is resolved, which
            takes that none of its cases is open any more
        """
        self.ensure_one()
        self._check_work()
        if self.state not in WORKED:
            raise UserError(_("%s has been resolved already.", self.name))
        cause = root_cause_id or self.root_cause_id.id
        # searched, not taken from the cache, which a superuser may have filled
        domain = [("problem_id", "=", self.id), ("is_open", "=", True)]
        cases = self.env["exception.case"].search(domain)
        result = {"done": [], "skipped": []}
        try:
            result = cases.resolve(cause, resolution_id, note) if cases else result
        except UserError as error:
            if len(cases) != 1:
                raise
            # of a single case the verb raises its reason
            result["skipped"] = [{"id": cases.id, "reason": str(error)}]
        # sudo: checked above; a case that the user does not see keeps the problem open as well
        problem = self.sudo()
        problem._settle(cause, note)
        return {**result, "resolved": problem.state == "resolved"}

    def _settle(self, cause_id, note):
        """Resolve the problem when none of its cases is open; else it is at work."""
        now = fields.Datetime.now()
        vals = {"root_cause_id": cause_id} if cause_id else {}
        if self._count_open():
            vals["state"] = "in_progress"
        else:
            vals.update(state="resolved", resolved_at=now)
        if not self.started_at:
            vals["started_at"] = now
        self.write(vals)
        self._refresh()
        if note:
            self._message_log(body=note)

    def _count_open(self):
        domain = [("problem_id", "in", self.ids), ("is_open", "=", True)]
        return self.env["exception.case"].search_count(domain)

    def close(self):
        """Close resolved problems: the cause is gone for good."""

        def refuse(problem):
            if problem.state == "resolved":
                return None
            if problem.state == "closed":
                return _("%s is closed already.", problem.name)
            return _("%s is not resolved yet. Resolve it with its cases first.", problem.name)

        return self._run_on_problems(
            refuse,
            lambda problems: problems.write(
                {"state": "closed", "closed_at": fields.Datetime.now()}
            ),
        )

    def reopen(self, note=None):
        """Take up ended problems again."""

        def refuse(problem):
            return None if problem.state in ENDED else _("%s is open already.", problem.name)

        return self._run_on_problems(refuse, lambda problems: problems._reopen(note))

    def _reopen(self, note=None):
        """Take up these problems again, as superuser."""
        for problem in self:
            problem.write(
                {
                    "state": "open",
                    "resolved_at": False,
                    "closed_at": False,
                    "reopen_count": problem.reopen_count + 1,
                }
            )
            if note:
                problem._message_log(body=note)

    def _check_work(self):
        self.check_access_rights("write")
        self.check_access_rule("write")

    def _run_on_problems(self, refuse, apply):
        """Run a verb of problems, as those of cases run."""
        self._check_work()
        todo, skipped = self.browse(), []
        for problem in self:
            reason = refuse(problem)
            if not reason:
                todo += problem
            elif len(self) == 1:
                raise UserError(reason)
            else:
                skipped.append({"id": problem.id, "reason": reason})
        if todo:
            # sudo: access was checked above; states and times are written by the model only
            apply(todo.sudo())
        return {"done": todo.ids, "skipped": skipped}

    # ------------------------------------------------------------------
    # say it to all
    # ------------------------------------------------------------------

    def message_cases(self, body, to_customers=False, only_open=True):
        """Say the same on each case of the problem, on each by itself.

        :param to_customers: answer to the customer of each case; else an internal note
        :param only_open: leave out cases that have ended
        """
        self._check_one()
        if not (body or "").strip():
            raise UserError(_("Write what you want to say."))
        domain = [("problem_id", "=", self.id)] + [("is_open", "=", True)] * bool(only_open)
        cases = self.env["exception.case"].search(domain)

        def refuse(case):
            if not to_customers:
                return None
            partner = case.partner_id.sudo()  # sudo: only whether an address is there
            if not partner:
                return _("%s has no customer to write to.", case.name)
            if not partner.email:
                return _("%s has no e-mail address.", partner.display_name)
            return None

        def apply(todo):
            if to_customers:
                todo.sudo(False)._answer_each(body)
            else:
                todo._message_log_batch(
                    bodies=dict.fromkeys(todo.ids, body),
                    author_id=self.env.user.partner_id.id,
                )

        return self._run_on_cases(cases.ids, refuse, apply)
