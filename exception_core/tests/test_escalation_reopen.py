"""Re-opened cases escalate by the rule of their service level."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .escalation_common import HOUR, NOW, EscalationCommon


@tagged("post_install", "-at_install")
class TestEscalationReopen(EscalationCommon):
    def _break_and_reopen(self, rule):
        """Return a case that climbed to the last level, was resolved and re-opened next day."""
        policy = self.env["exception.sla.policy"].create(
            {"name": "Around the clock", "round_the_clock": True, "reopen_rule": rule}
        )
        case_type = self._create_type(sla_policy_id=policy.id, requires_resolution=False)
        case = self._create_case_with_clock(
            type_id=case_type.id, user_id=self.user_agent.id, severity="3"
        )
        self._tick(NOW + 5 * HOUR)
        self.assertEqual(len(case.escalation_ids), 3)
        agents = case.with_user(self.user_agent)
        with freeze_time(NOW + 6 * HOUR):
            agents.resolve()
        with freeze_time(NOW + 24 * HOUR):
            agents.reopen()
        self.assertFalse(self._activities(case))
        return case

    def test_a_new_promise_escalates_anew(self):
        case = self._break_and_reopen("restart")
        clock, old = case.clock_ids, case.escalation_ids
        self.assertEqual((clock.state, clock.restarts), ("running", 1))
        heard = len(self._messages(self.user_lead))
        self._tick(clock.warn_at)
        self.assertEqual((case.escalation_ids - old).level_id, self.warning)
        self._tick(clock.deadline + timedelta(minutes=1))
        self._tick(clock.deadline + timedelta(minutes=2))
        new = case.escalation_ids - old
        self.assertEqual(new.level_id, self.warning | self.breach)
        self.assertEqual(len(new), 2)
        self.assertEqual(len(self._messages(self.user_lead)), heard + 1)
        self.assertEqual(self._activities(case, self.user_lead).summary, "Resolution is overdue")

    def test_a_promise_that_goes_on_escalates_no_level_twice(self):
        case = self._break_and_reopen("continue")
        self.assertEqual((case.clock_ids.state, case.clock_ids.restarts), ("breached", 0))
        self._tick(NOW + 100 * HOUR)
        self.assertEqual(len(case.escalation_ids), 3)
