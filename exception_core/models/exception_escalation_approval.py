from odoo import _, api, fields, models


class ExceptionEscalationLevel(models.Model):
    """Levels for approvals that nobody decides in time."""

    _inherit = "exception.escalation.level"

    clock_kind = fields.Selection(
        selection_add=[("approval", "Approval")], ondelete={"approval": "cascade"}
    )
    tell_approvers = fields.Boolean("Whoever is asked to approve")
    ask_manager = fields.Boolean(
        "The managers of whoever is asked", help="As given on the user, under Exceptions."
    )
    ask_lead = fields.Boolean("The lead of the case's team")
    ask_user_ids = fields.Many2many(
        "res.users",
        "exception_escalation_level_ask_rel",
        "level_id",
        "user_id",
        "These people decide",
        domain="[('share', '=', False)]",
        help="One of them may decide instead. Whoever must not, for example because they asked for "
        "it, is left out here as well.",
    )

    def _when_in_words(self):
        when = super()._when_in_words()
        return _("%s of an approval", when) if self.clock_kind == "approval" else when

    def _what_in_words(self):
        deciders = [
            self.ask_manager and _("the managers of whoever is asked"),
            self.ask_lead and _("the team lead"),
            *self.ask_user_ids.mapped("name"),
        ]
        deciders = ", ".join(filter(None, deciders))
        what = [
            self.tell_approvers and _("tell whoever is asked"),
            deciders and _("let %s decide instead", deciders),
        ]
        own = ", ".join(filter(None, what))
        if not own:
            return super()._what_in_words()
        others = super()._what_in_words()
        return own if others == _("nothing") else f"{others}, {own}"

    def _people(self, subject):
        """Return whom the level names; for approvals also who is asked, and who decides instead."""
        people = super()._people(subject)
        if self.clock_kind != "approval":
            return people
        steps = subject.approval_ids._open_steps()
        if self.tell_approvers:
            people |= steps.approver_ids
        for step in steps:
            people |= self._deciders(step, None)
        return people

    def _deciders(self, step, question):
        """Return who may decide a step instead, whether they must not or not."""
        people = self.ask_user_ids
        if self.ask_lead:
            people |= step.case_id.team_id.lead_id
        if self.ask_manager:
            people |= (step.approver_ids | step._principals()).exception_manager_id
        return people

    def _asked_words(self, people):
        names = ", ".join(people.mapped("name"))
        return [_("%s may decide instead", names)] if people else []


class ExceptionEscalationEvent(models.Model):
    """A level of escalation that an approval has reached."""

    _inherit = "exception.escalation.event"

    clock_id = fields.Many2one(required=False)
    step_id = fields.Many2one(
        "exception.approval.step", "Approval", index=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(selection_add=[("approval", "Approval")])

    _sql_constraints = [
        ("step_level_uniq", "unique(step_id, level_id)", "A level comes once for a request."),
        (
            "of_something",
            "CHECK(clock_id IS NOT NULL OR step_id IS NOT NULL)",
            "An escalation belongs to a promise or an approval.",
        ),
    ]


class ExceptionCase(models.Model):
    """How people are told of approvals that run late."""

    _inherit = "exception.case"

    def _escalation_policy(self):
        """Return the policy of the case: its type's, its team's, else the default."""
        self.ensure_one()
        company = self.company_id

        def fits(policy):
            return policy.active and policy.company_id in (company, company.browse())

        for own in (self.type_id.escalation_policy_id, self.team_id.escalation_policy_id):
            if own and fits(own):
                return own
        policies = self.env["exception.escalation.policy"].search(
            [("is_default", "=", True), ("company_id", "in", [company.id, False])]
        )
        return policies.filtered("company_id")[:1] or policies[:1]

    @api.model
    def _activity_summary(self, kind, trigger):
        if kind != "approval":
            return super()._activity_summary(kind, trigger)
        if trigger == "warning":
            return _("An approval is due soon")
        return _("An approval is overdue")

    def _message_row(self, event=None, now=None):
        """Return what a message says of a case; of an approval its own deadline."""
        row = super()._message_row(event, now)
        if event and event.step_id.due_at:
            row["due"] = _("since %s", self._local(event.step_id.due_at, "short"))
        return row


class ExceptionSlaPolicy(models.Model):
    """The hours in which approvals are decided are those of the case's service level."""

    _inherit = "exception.sla.policy"

    def _calendar_of(self, case):
        """Return the calendar whose hours count for a case; empty: every hour counts."""
        if self:
            return self._calendar(case.team_id, case.company_id)
        # sudo: working hours may belong to a company that the user has not switched on
        desk = case.company_id.sudo()
        calendar = case.team_id.sudo().calendar_id or desk.exception_calendar_id
        return calendar or desk.resource_calendar_id
