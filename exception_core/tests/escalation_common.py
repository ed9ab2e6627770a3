"""What the tests of escalations share: clocks of any age, and what came of a tick."""

from datetime import datetime, timedelta

from odoo.fields import Command

from .common import ExceptionCommon

# A Monday, and working hours around it are the calendar's own matter: clocks run round the clock.
NOW = datetime(2024, 3, 4, 12, 0)
HOUR = timedelta(hours=1)


class EscalationCommon(ExceptionCommon):
    """A team led by the lead, a category owned by the manager, clocks that are set by hand."""

    @classmethod
    def setUpClass(cls):
        """Name who answers for what; nothing but the test's own clocks ticks."""
        super().setUpClass()
        cls.env["exception.sla.clock"].search([]).unlink()
        cls.category.owner_id = cls.user_manager
        cls.policy = cls.env.ref("exception_core.escalation_policy_standard")
        # what follows is about cases; approvals have levels and tests of their own
        cls.policy.level_ids.filtered(lambda level: level.clock_kind == "approval").unlink()
        cls.warning, cls.breach, cls.after = cls.policy.level_ids
        # tests start with a configuration that has been applied
        cls.env["exception.escalation.policy"].search([]).is_scheduled = True
        cls.env["exception.sla.change"].search([]).unlink()

    @classmethod
    def _create_policy(cls, *levels, **overrides):
        """Create a policy with these levels, applied already."""
        policy = cls.env["exception.escalation.policy"].create(
            {
                "name": "Test escalation",
                "owner_id": cls.user_admin.id,
                "level_ids": [
                    Command.create({"sequence": place, **level})
                    for place, level in enumerate(levels, start=1)
                ],
                **overrides,
            }
        )
        cls.env.flush_all()
        policy.is_scheduled = True
        return policy

    @classmethod
    def _set_clock(cls, case, kind="resolution", deadline=NOW, **overrides):
        """Give a case a clock that warned an hour before its deadline, and runs."""
        case.clock_ids.filtered(lambda clock: clock.kind == kind).unlink()
        clock = cls.env["exception.sla.clock"].create(
            {
                "case_id": case.id,
                "kind": kind,
                "policy_id": case.sla_policy_id.id,
                "calendar_id": False,
                "allotted": 4 * 3600,
                "since": deadline - 4 * HOUR,
                "deadline": deadline,
                "warn_at": deadline - HOUR,
                **overrides,
            }
        )
        clock._schedule_levels()
        return clock

    def _create_case_with_clock(self, deadline=NOW, kind="resolution", **overrides):
        """Create a case with one clock only."""
        case = self._create_case(**overrides)
        case.clock_ids.unlink()
        self._set_clock(case, kind, deadline)
        return case

    def _tick(self, now=NOW):
        self.env["exception.sla.clock"]._tick(now)

    def _activities(self, case, user=None):
        domain = [
            ("res_model", "=", "exception.case"),
            ("res_id", "in", case.ids),
            ("activity_type_id", "=", self.env.ref("exception_core.activity_escalation").id),
        ]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["mail.activity"].search(domain)

    def _messages(self, user=None):
        """Messages sent to a person, or to anybody."""
        domain = [("message_type", "=", "user_notification"), ("model", "=", False)]
        if user:
            domain.append(("partner_ids", "in", user.partner_id.ids))
        return self.env["mail.message"].search(domain)
