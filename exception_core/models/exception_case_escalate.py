from collections import defaultdict
from dataclasses import dataclass, field

from markupsafe import Markup

from odoo import _, api, fields, models

from ..tools.vocabulary import SEVERITIES
from .exception_case_open import BATCH


@dataclass
class Step:
    """What one level does to one case."""

    level: models.Model
    kind: str
    people: models.Model = None
    said: list = field(default_factory=list)
    problems: list = field(default_factory=list)


class ExceptionCaseEscalate(models.Model):
    """What levels do to cases: tell people, raise severity, give cases to others.

    Made for batches: what happens to many cases is written once for each outcome. None of it is
    a first response, because nobody has begun to work.
    """

    _inherit = "exception.case"

    escalation_ids = fields.One2many("exception.escalation.event", "case_id", "Escalations")
    escalation_count = fields.Integer(compute="_compute_escalation_count")

    @api.depends("escalation_ids")
    def _compute_escalation_count(self):
        groups = self.env["exception.escalation.event"]._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        counts = {case.id: count for case, count in groups}
        for case in self:
            case.escalation_count = counts.get(case.id, 0)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"escalation_ids"}

    def action_open_escalations(self):
        """Open what has escalated on this case."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_escalation_event_action", [("case_id", "=", self.id)]
        )

    # ------------------------------------------------------------------
    # carrying out levels
    # ------------------------------------------------------------------

    def _escalate(self, levels):
        """Carry out levels on these cases.

        :param levels: {case id: [(level, kind of the promise)]} in the order they were due; where
            effects repeat, the last one holds, and severity is raised as often as they say
        :return: {case id: list of :class:`Step`}
        """
        # sudo: the machine's own doing, whoever started the tick
        cases = self.sudo().with_context(**BATCH)
        audience = cases._escalation_audience()
        steps, outcomes = {}, defaultdict(cases.browse)
        for case in cases:
            steps[case.id] = [Step(level, kind) for level, kind in levels[case.id]]
            named = [step.level._people(case) for step in steps[case.id]]
            vals = case._escalated_values(steps[case.id])
            if vals:
                outcomes[tuple(sorted(vals.items()))] |= case
            for step, people in zip(steps[case.id], named, strict=True):
                step.people = people
        for vals, group in outcomes.items():
            group._write_escalated(dict(vals))
        for case in cases:
            case._find_audience(steps[case.id], audience)
        cases._remind(steps)
        cases._message_log_batch(
            bodies={
                case_id: Markup("<br/>").join(text for step in done for text in step.said)
                for case_id, done in steps.items()
            }
        )
        return steps

    def _escalated_values(self, steps):
        """Return what the steps change on this case, and note in each what it did."""
        vals = {}
        places = list(enumerate(steps))
        move = max((n for n, step in places if step.level.hand_over_team_id), default=-1)
        gift = max((n for n, step in places if step.level.reassign_to), default=-1)
        for place, step in places:
            if step.level.raise_severity:
                self._escalate_severity(step, vals)
            if place == move:
                self._escalate_team(step, vals)
            # handing over later takes the case from whoever got it before
            if place == gift >= move:
                self._escalate_owner(step, vals)
        return vals

    def _escalate_severity(self, step, vals):
        labels = dict(self._fields["severity"]._description_selection(self.env))
        order = [key for key, _label in SEVERITIES]
        old = vals.get("severity", self.severity)
        if old == order[0]:
            return
        vals["severity"] = order[order.index(old) - 1]
        step.said.append(
            _(
                "Severity raised from %(old)s to %(new)s by %(level)s",
                old=labels[old],
                new=labels[vals["severity"]],
                level=step.level._mark(),
            )
        )

    def _escalate_team(self, step, vals):
        team = step.level.hand_over_team_id
        refusal = self._refuse_owner(self.env["res.users"], team)
        if not team.active:
            refusal = _("%s is archived.", team.name)
        if refusal:
            self._note_refusal(step, refusal)
        elif team != self.team_id:
            vals.update({"team_id": team.id, "user_id": False})
            step.said.append(
                _(
                    "Handed over from %(old)s to %(new)s by %(level)s",
                    old=self.team_id.name or _("no team"),
                    new=team.name,
                    level=step.level._mark(),
                )
            )

    def _escalate_owner(self, step, vals):
        team = self.env["exception.team"].browse(vals.get("team_id", self.team_id.id))
        to_lead = step.level.reassign_to == "lead"
        user = team.lead_id if to_lead else step.level.reassign_user_id
        if not user or (refusal := self._refuse_owner(user, None)):
            self._note_refusal(step, refusal if user else _("%s has no team.", self.name))
        elif user.id != vals.get("user_id", self.user_id.id):
            vals["user_id"] = user.id
            step.said.append(
                _("Given to %(user)s by %(level)s", user=user.name, level=step.level._mark())
            )

    def _note_refusal(self, step, refusal):
        step.said.append(
            _(
                "%(level)s could not be carried out: %(reason)s",
                level=step.level._mark(),
                reason=refusal,
            )
        )
        step.problems.append(f"{self.name}: {refusal}")

    def _write_escalated(self, vals):
        """Write what a level changes; who gets a case this way has not begun to work on it."""
        self.write(vals)
        if {"severity", "team_id"} & vals.keys():
            self._replan_clocks(_("Escalated, so what is promised has changed."))
        self._bundle()
        self._rescore()
