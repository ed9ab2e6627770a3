import logging
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..tools.job import RETRY

_logger = logging.getLogger(__name__)

# A level that cannot even be recorded is tried again later, and stops no other.
POSTPONED = timedelta(hours=1)


class ExceptionSlaEscalate(models.Model):
    """Carrying out the levels of a batch of clocks, and writing down what came of it.

    What fails is tried again case by case, so that one that cannot be escalated stops no other.
    """

    _inherit = "exception.sla.clock"

    def _escalate_safely(self, now):
        """Escalate together; if that fails, one case after the other. Return the problems."""
        try:
            with self.env.cr.savepoint():
                return self._escalate(now)
        except RETRY:
            raise
        except Exception:
            _logger.warning("A batch of escalations failed; trying case by case", exc_info=True)
        problems = defaultdict(list)
        for clocks in self.grouped("case_id").values():
            for policy_id, texts in clocks._escalate_alone(now).items():
                problems[policy_id] += texts
        return problems

    def _escalate_alone(self, now):
        """Escalate the clocks of one case; record what cannot be carried out as failed."""
        try:
            with self.env.cr.savepoint():
                return self._escalate(now)
        except RETRY:
            raise
        except Exception as error:
            reason = str(error).strip() or type(error).__name__
            _logger.warning("%s could not be escalated", self.case_id, exc_info=True)
        try:
            with self.env.cr.savepoint():
                return self._record_failure(now, reason)
        except RETRY:
            raise
        except Exception:
            _logger.exception("The failure of %s could not be recorded", self.case_id)
        self.env.cr.execute(
            SQL(
                "UPDATE exception_sla_clock SET next_level_at = %s WHERE id = ANY(%s)",
                now + POSTPONED,
                self.ids,
            )
        )
        self.invalidate_recordset(["next_level_at"], flush=False)
        return {}

    def _escalate(self, now):
        """Carry out all levels that are due for these clocks; return {policy id: problems}."""
        due = self._due_levels(now)
        levels = defaultdict(list)
        for clock, level, _at in due:
            levels[clock.case_id.id].append((level, clock.kind))
        cases = self.env["exception.case"].browse(levels)
        steps = cases._escalate(levels) if cases else {}
        in_order = {case_id: iter(done) for case_id, done in steps.items()}
        problems, rows = defaultdict(list), []
        for clock, level, at in due:
            step = next(in_order[clock.case_id.id])
            rows.append(clock._event_values(level, at, now, step))
            problems[level.policy_id.id] += step.problems
        self.env["exception.escalation.event"].create(rows)
        self._schedule_levels()
        return {policy_id: texts for policy_id, texts in problems.items() if texts}

    def _due_levels(self, now):
        """Return (clock, level, moment) of what is due, in the order in which it was."""
        rows = self._pending_levels()
        moments = self._level_moments(rows)
        due = [
            (self.browse(row["clock_id"]), row["level_id"], at)
            for row, at in zip(rows, moments, strict=True)
            if at < now or (at == now and row["trigger"] != "breach")
        ]
        # with one prefetch for all
        levels = self.env["exception.escalation.level"].browse(
            level_id for _c, level_id, _at in due
        )
        clocks = self.browse(clock.id for clock, _level, _at in due)
        moments = [at for _clock, _level, at in due]
        return sorted(zip(clocks, levels, moments, strict=True), key=lambda item: item[2])

    def _event_values(self, level, at, now, step=None, failure=None):
        told = step.people if step else self.env["res.users"]
        return {
            "clock_id": self.id,
            "case_id": self.case_id.id,
            "policy_id": level.policy_id.id,
            "level_id": level.id,
            "level_number": level.number,
            "level_words": level.summary,
            "kind": self.kind,
            "restarts": self.restarts,
            "due_at": at,
            "at": now,
            "state": "failed" if failure else "done",
            "result": failure or "\n".join(step.said),
            "user_ids": [fields.Command.set(told.ids)],
            "team_id": self.case_id.team_id.id,
            "company_id": self.case_id.company_id.id,
            "told_at": False if told else now,
        }

    def _record_failure(self, now, reason):
        due = self._due_levels(now)
        self.env["exception.escalation.event"].create(
            [clock._event_values(level, at, now, failure=reason) for clock, level, at in due]
        )
        self._schedule_levels()
        text = f"{self.case_id.name}: {reason}"
        return {level.policy_id.id: [text] for _clock, level, _at in due}
