import logging
from collections import defaultdict

from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools.job import RETRY

_logger = logging.getLogger(__name__)
# So many at once: what the tick has not committed makes people wait who decide one of them.
BATCH = 100


class ExceptionApprovalStep(models.Model):
    """Until when a level decides, in working hours, and when it is reminded and escalated."""

    _inherit = "exception.approval.step"

    warn_at = fields.Datetime("Reminded at")
    reminded_at = fields.Datetime("Reminded")
    next_level_at = fields.Datetime("Escalates next")
    event_ids = fields.One2many("exception.escalation.event", "step_id", "Escalations")

    def init(self):
        """Index the open steps by when something is due."""
        result = super().init()
        for name, column, condition in (
            ("warn", "warn_at", "reminded_at IS NULL AND warn_at IS NOT NULL"),
            ("level", "next_level_at", "next_level_at IS NOT NULL"),
        ):
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON exception_approval_step (%s)"
                    " WHERE state IN ('pending', 'escalated') AND %s",
                    SQL.identifier(f"exception_approval_step_{name}_idx"),
                    SQL.identifier(column),
                    SQL(condition),
                )
            )
        return result

    def _ask(self, asked, state="pending"):
        """Let people decide from now on, and begin to count their time when it is first asked."""
        first = not self.asked_at
        result = super()._ask(asked, state)
        if first and self.level_id.limit_seconds:
            self._store(self._time_values())
            self._plan_levels()
        return result

    def _close(self, state):
        """End these steps; nobody is reminded any more."""
        result = super()._close(state)
        if self:
            self._store({"next_level_at": False})
            self.case_id._close_escalations()
        return result

    def _time_values(self):
        """Return until when the level decides, and when it is reminded."""
        seconds = self.level_id.limit_seconds
        share = self.case_id.sla_policy_id._warn_share() if self.case_id.sla_policy_id else 80
        due, warn = self._moments([seconds, seconds * share // 100])
        return {"due_at": due, "warn_at": warn}

    def _moments(self, seconds):
        """Return when so many working seconds after the question are over."""
        case = self.case_id
        calendar = case.sla_policy_id[:1]._calendar_of(case)
        return calendar._exception_due([(self.asked_at, one) for one in seconds])

    # ------------------------------------------------------------------
    # levels of escalation
    # ------------------------------------------------------------------

    def _escalation_policy(self):
        """Return who is told when this step does not answer: the policy's, else the case's."""
        own = self.approval_id.matrix_id.escalation_policy_id
        return own if own.active else self.case_id._escalation_policy()

    def _pending_levels(self):
        """Return (moment, level of escalation) of what this step has not reached yet, in order."""
        self.ensure_one()
        if not self.due_at:
            return []
        levels = self._escalation_policy().level_ids.filtered(
            lambda level: level.clock_kind == "approval"
        )
        levels -= self.event_ids.level_id
        limit = self.level_id.limit_seconds
        later = levels.filtered(lambda level: level.trigger == "after")
        moments = dict(
            zip(later, self._moments([limit + one.delay_seconds for one in later]), strict=True)
        )
        fixed = {"warning": self.warn_at, "breach": self.due_at}
        due = [(moments.get(one) or fixed.get(one.trigger), one) for one in levels]
        return sorted(
            ((at, level) for at, level in due if at), key=lambda item: (item[0], item[1].sequence)
        )

    def _plan_levels(self):
        """Note when the next level of escalation is due."""
        for step in self:
            pending = step._pending_levels()
            step._store({"next_level_at": pending[0][0] if pending else False})

    # ------------------------------------------------------------------
    # the tick
    # ------------------------------------------------------------------

    @api.model
    def _tick_approvals(self, now):
        """Remind and escalate what is due; called by the tick every minute."""
        self.env["exception.approval.delegation"]._follow_periods(now)
        self._each_due(SQL("reminded_at IS NULL AND warn_at <= %s", now), "_remind", now)
        self._each_due(SQL("next_level_at <= %s", now), "_escalate", now)

    @api.model
    def _each_due(self, condition, method, now):
        """Call a method for each open step; one that fails stops no other."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM exception_approval_step
                    WHERE state IN ('pending', 'escalated') AND %s
                    ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                condition,
                BATCH,
            )
        )
        for step in self.browse(row[0] for row in self.env.cr.fetchall()):
            try:
                with self.env.cr.savepoint():
                    getattr(step, method)(now)
            except RETRY:
                raise
            except Exception:
                _logger.exception("Approval step %s could not be followed (%s)", step.id, method)

    def _remind(self, now):
        """Remind whoever has not answered; once for each step."""
        self._store({"reminded_at": now})
        answered = self.decision_ids.user_id | self.decision_ids.on_behalf_id
        late = self.approver_ids - answered
        self.approval_id._audited(
            "approval.reminded", level=self.name, people=", ".join(late.mapped("name"))
        )
        self._remind_people(late)

    def _remind_people(self, people):
        """Tell people that the time to decide runs out, each in their language."""
        for user in people:
            case = self.case_id.with_context(lang=user.lang, tz=user.tz)
            case._tell(user, *self.with_env(case.env)._reminder_words())

    def _reminder_words(self):
        """Return subject and text of a reminder."""
        until = self.case_id._local(self.due_at, "short")
        return (
            _("Please decide: %s", self.approval_id.name),
            _(
                "“%(request)s” waits for your decision until %(until)s.",
                request=self.approval_id.name,
                until=until,
            ),
        )

    def _escalate(self, now):
        """Carry out the levels of escalation that are due, and let others decide instead."""
        due = [(at, level) for at, level in self._pending_levels() if at <= now]
        levels = [(level, "approval") for _at, level in due]
        case = self.case_id
        steps = case._escalate({case.id: levels})[case.id] if levels else []
        rows, problems = [], defaultdict(list)
        for (at, level), done in zip(due, steps, strict=True):
            done.said += self._ask_instead(level)
            rows.append(self._event_values(level, at, now, done))
            problems[level.policy_id.id] += done.problems
        self.env["exception.escalation.event"].create(rows)
        self._plan_levels()
        problems = {policy_id: texts for policy_id, texts in problems.items() if texts}
        self.env["exception.escalation.policy"]._report_problems(problems)

    def _ask_instead(self, level):
        """Let the people whom a level of escalation names decide instead; return what was done."""
        question = self.approval_id._question()
        question.step = self
        people = level._deciders(self, question) - self.extra_ids
        refusals = {user: self.approval_id._refuse_for(user, question) for user in people}
        able = people.filtered(lambda user: not refusals[user])
        if able:
            self._store({"extra_ids": [(4, user.id) for user in able]})
            self._ask(self._asked_people(question), "escalated")
        said = [reason for reason in refusals.values() if reason]
        return level._asked_words(able) + said

    def _event_values(self, level, at, now, done):
        case = self.case_id
        return {
            "step_id": self.id,
            "case_id": case.id,
            "policy_id": level.policy_id.id,
            "level_id": level.id,
            "level_number": level.number,
            "level_words": level.summary,
            "kind": "approval",
            "due_at": at,
            "at": now,
            "state": "done",
            "result": "\n".join(done.said),
            "user_ids": [fields.Command.set(done.people.ids)],
            "team_id": case.team_id.id,
            "company_id": case.company_id.id,
            "told_at": False if done.people else now,
        }


class ExceptionSlaTick(models.Model):
    """The tick follows approvals as well."""

    _inherit = "exception.sla.clock"

    def _carry_out(self, now):
        """Warn, breach and escalate what is due, approvals included."""
        result = super()._carry_out(now)
        # sudo: as the tick itself
        steps = self.env["exception.approval.step"].sudo()
        try:
            self._retried(steps._tick_approvals, now)
        except Exception:
            self._give_up("The tick could not follow approvals")
        return result
