import logging

from odoo import _, api, models
from odoo.tools.misc import format_amount

from .exception_approval_question import Asked, Verdict
from .exception_rule_judge import CaseMatcher

_logger = logging.getLogger(__name__)


class ExceptionApprovalMatrix(models.Model):
    """What policies say to questions. Nothing is written here, so that previews are earnest."""

    _inherit = "exception.approval.matrix"

    @api.model
    def _judge(self, questions, matrix=None):
        """Judge a batch of questions.

        :param questions: list of :class:`Question`
        :param matrix: judge by this policy, in use or not, wherever its scope fits
        :return: a :class:`Verdict` for each question, in order
        """
        # sudo: policies hold whoever asks
        return _Judge(self.sudo(), questions, matrix and matrix.sudo()).verdicts()

    def _candidates(self):
        """Return the policies in use, in the order in which they are tried."""
        return self.search([("enabled", "=", True), ("active", "=", True)])

    def _named_for(self, question):
        """Return the policy that the case or its type names; empty when none does."""
        return question.case.matrix_id or question.case.type_id.matrix_id

    def _fits(self, question):
        """Tell whether a question is in scope, as far as fields of the policy say."""
        case = question.case
        return (
            (not self.company_id or self.company_id == question.company)
            and (not self.type_ids or case.type_id in self.type_ids)
            and (not self.tag_ids or bool(self.tag_ids & case.tag_ids))
        )

    @api.model
    def _asked(self, level, question, extra=None, handed=None):
        """Return whom a level asks now: people who may decide, and those who must not.

        :param level: empty when it was deleted meanwhile: then only ``extra`` are asked
        :param extra: people who may decide instead, since nobody answered in time
        :param handed: {delegate: person} of people who have handed this one request on
        """
        approvals = self.env["exception.approval"]
        # sudo: as the question, whose records are the superuser's
        named = level._people(question) if level else self.env["res.users"].sudo()
        people, left_out = named.browse(), []
        for user in named | extra if extra else named:
            if refusal := approvals._refuse_for(user, question):
                left_out.append((user, refusal))
            else:
                people |= user
        own = people & named
        needed = level._needed_of(own) if level else question.step.needed
        problem = None
        if len(own) < needed and not (people - named):
            problem = _(
                "“%(level)s” needs %(needed)s people who may decide, and there are %(count)s. "
                "%(why)s",
                level=level.name or question.step.name,
                needed=needed,
                count=len(own),
                why=" ".join(sentence for _user, sentence in left_out),
            ).strip()
        deputies = self._deputies(people, question, handed or {})
        return Asked(level, people, left_out, needed, problem, deputies)

    @api.model
    def _deputies(self, people, question, handed):
        """Return who decides in whose name now: {deputy: person}.

        Somebody who is asked anyway decides for themselves, and nobody decides twice.
        """
        approvals = self.env["exception.approval"]
        found = {
            delegate: person
            for delegate, person in handed.items()
            if person in people and not approvals._refuse_deputy(delegate, question)
        }
        for person in people:
            if person in found.values():
                continue
            deputy = self._stand_in(person, question)
            if deputy and deputy not in people and deputy not in found:
                found[deputy] = person
        return found

    @api.model
    def _stand_in(self, person, question):
        """Follow who stands in for a person; None where that ends at somebody who must not."""
        approvals = self.env["exception.approval"]
        acting, met, at = question.acting, {person}, person
        while deputy := acting.get(at):
            if deputy in met or approvals._refuse_deputy(deputy, question):
                return None
            if approvals._refuse_chooser(at, question):
                return None
            met.add(deputy)
            at = deputy
        return at if at != person else None


class _Judge:
    """One batch of questions; conditions are evaluated once for all cases of it."""

    def __init__(self, matrices, questions, matrix):
        self.env = matrices.env
        self.matrices = matrices
        self.questions = questions
        self.tried = matrix
        cases = self.env["exception.case"].union(*(one.case for one in questions))
        # sudo: policies judge everything about a case, whoever asks
        self.matcher = CaseMatcher(cases.sudo())
        self.known = {}
        self.candidates = None

    def verdicts(self):
        return [self._verdict(question) for question in self.questions]

    # ------------------------------------------------------------------
    # which policy
    # ------------------------------------------------------------------

    def _verdict(self, question):
        named = self.tried or self.matrices._named_for(question)
        if named:
            return self._of_named(named, question)
        if self.candidates is None:
            self.candidates = self.matrices._candidates()
        for matrix in self.candidates:
            fits = matrix._fits(question) and self._meets(matrix, matrix, question)
            if fits is None:
                return self._blocked(matrix, self._broken(matrix))
            if fits:
                return self._by_levels(matrix, question)
        return self._blocked(
            self.matrices.browse(),
            _("No approval policy in use covers this request. An administrator adds one."),
        )

    def _of_named(self, matrix, question):
        """Judge by a policy that is named: where it does not fit, no other comes instead."""
        if not self.tried and not (matrix.enabled and matrix.active):
            return self._blocked(
                matrix, _("The policy “%s” is not in use. Put it to use again.", matrix.name)
            )
        fits = matrix._fits(question) and self._meets(matrix, matrix, question)
        if fits is None:
            return self._blocked(matrix, self._broken(matrix))
        if not fits and self.tried:
            return Verdict("other", matrix, _("Not in the scope of “%s”.", matrix.name))
        if not fits:
            return self._blocked(
                matrix, _("The policy “%s” does not cover this request.", matrix.name)
            )
        return self._by_levels(matrix, question)

    def _meets(self, holder, matrix, question):
        """Tell whether the conditions of a policy or level hold; None when they are broken."""
        key = (holder._name, holder.id)
        if key not in self.known:
            self.known[key] = self._match(holder, matrix)
        found = self.known[key]
        return None if found is None else question.case.id in found

    def _match(self, holder, matrix):
        about_record = holder.record_domain not in (False, "", "[]") or holder == matrix
        definition = {
            "company_id": False,
            "domain": holder.domain or "[]",
            "facts": (),
            "model": matrix.model_id.model if about_record else False,
            "record_domain": holder.record_domain or "[]",
            "tz": matrix.company_id.partner_id.tz or matrix.owner_id.tz,
        }
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                return self.matcher.match(definition)
        except Exception:
            # whatever it is: a policy that cannot be read lets nothing pass
            _logger.exception("The conditions of %s %s cannot be evaluated", holder, holder.name)
            return None

    def _broken(self, matrix):
        return _(
            "The conditions of the policy “%s” cannot be evaluated. An administrator mends them.",
            matrix.name,
        )

    # ------------------------------------------------------------------
    # which levels
    # ------------------------------------------------------------------

    def _by_levels(self, matrix, question):
        asked, auto = [], None
        for level in matrix.level_ids:
            if level._refuse_question(question):
                continue
            meets = self._meets(level, matrix, question)
            if meets is None:
                return self._blocked(matrix, self._broken(matrix))
            if meets and not level.is_auto:
                asked.append(level)
            elif meets:
                auto = auto or level
        if asked:
            return self._ask(matrix, asked, question)
        if not auto:
            return self._blocked(
                matrix, _("No level of the policy “%s” covers this request.", matrix.name)
            )
        if question.typed:
            return self._blocked(
                matrix,
                _(
                    "“%(policy)s” would approve it by “%(level)s”, but its amount was typed by a "
                    "person, and a typed amount approves nothing by itself. Add a level that asks "
                    "somebody.",
                    policy=matrix.name,
                    level=auto.name,
                ),
            )
        why = _(
            "“%(policy)s”, “%(level)s” (%(when)s): approved by policy.",
            policy=matrix.name,
            level=auto.name,
            when=auto._when_words(),
        )
        why = self._with_earlier(why, question)
        return Verdict("auto", matrix, why, [Asked(auto, self.env["res.users"], [], 0)])

    def _ask(self, matrix, levels, question):
        asked = [matrix._asked(level, question) for level in levels]
        why = "\n".join(
            _(
                "“%(policy)s”, “%(level)s” (%(when)s) asks %(who)s.",
                policy=matrix.name,
                level=one.level.name,
                when=one.level._when_words(),
                who=one.level._who_words(),
            )
            for one in asked
        )
        why = self._with_earlier(why, question)
        problems = [one.problem for one in asked if one.problem]
        outcome = "blocked" if problems else "people"
        return Verdict(outcome, matrix, why, asked, "\n".join(problems) or None)

    def _with_earlier(self, why, question):
        if not question.earlier:
            return why
        earlier = format_amount(self.env, question.earlier, question.company.currency_id)
        said = _("Judged together with %s that the same action has moved before.", earlier)
        return f"{why}\n{said}"

    def _blocked(self, matrix, problem):
        return Verdict("blocked", matrix, problem, [], problem)
