from odoo import _, fields, models

from .exception_type_automation import STAGE_ORDER

# How far a disposition lets the machine go.
DISPOSITION_STAGE = {"auto": "auto", "approval": "approve", "investigate": "propose"}


class ExceptionPlayStage(models.Model):
    """How far a play does an action by itself: the strictest of what type, case and action say."""

    _inherit = "exception.play"

    def _stage_for(self, action, values):
        """Return (stage, why) for an action with these inputs on the case of the play."""
        self.ensure_one()
        case = self.case_id
        kind = case.type_id
        said = dict(case._fields["disposition"]._description_selection(self.env))
        ways = [
            (kind.automation_stage, _("as the automation of “%s” is set", kind.name)),
            (DISPOSITION_STAGE[case.disposition], _("the case says: %s", said[case.disposition])),
        ]
        why = (
            self._refuse_auto(action, values)
            or self._refuse_typed(action)
            or self._refuse_auto_of_others(action)
        )
        if why:
            ways.append(("approve", why))
        return min(ways, key=lambda way: STAGE_ORDER.index(way[0]))

    def _refuse_auto(self, action, values=None):
        """Say why an action is nothing to be done without people; None if it may be."""
        if action.risk != "low":
            risks = dict(action._fields["risk"]._description_selection(self.env))
            return _("the risk of “%(name)s”: %(risk)s", name=action.name, risk=risks[action.risk])
        if not action.limit_run or (values is None and action.money == "input"):
            return None
        case = self.case_id
        amount, currency = action._money_of(case, values or {})
        date = case.detected_at.date()
        amount = abs(case._to_company_currency(amount, currency, case.company_id, date, {}))
        if amount <= action.limit_run:
            return None
        return _("it is above what one run of “%s” may move", action.name)

    def _refuse_typed(self, action):
        """Say that a person gave what is at stake, where money moves; None when nobody did.

        Else whoever may report a case would have the machine pay what they may not.
        """
        if action.money == "none":
            return None
        case, edits = self.case_id, self.env["exception.approval.edit"]
        reported = not case.detector_id and edits._is_person(case.create_uid)
        return _("a person gave what is at stake") if reported or edits._of_case(case.ids) else None

    def _refuse_auto_of_others(self, action):
        """Say which later step is nothing to be done without people: then none is.

        Without a person means from the beginning to the end. Steps whose conditions do not hold
        do not count.
        """
        for step in self.step_ids.filtered(lambda one: one.kind == "action"):
            other = step.env["exception.action"].browse(step.settings.get("action_id") or ())
            if step.state != "todo" or other == action or not other.exists():
                continue
            why = self._refuse_auto(other) or self._refuse_typed(other)
            if why and not step._refuse_conditions(fields.Datetime.now()):
                return why
        return None
