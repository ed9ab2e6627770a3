from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .escalation_common import HOUR, NOW, EscalationCommon

TICK = "odoo.addons.exception_core.models.exception_sla_escalate"


@tagged("post_install", "-at_install")
class TestEscalationBreaks(EscalationCommon):
    """What fails stops nothing else, and nobody is told what is not theirs."""

    @mute_logger(TICK)
    def test_a_case_that_fails_stops_no_other_and_its_policy_owner_knows(self):
        broken, healthy = self._create_case_with_clock(), self._create_case_with_clock()
        model = type(self.env["exception.case"])
        plan = model._escalated_values

        def fail(case, steps):
            if case.id == broken.id:
                raise ValueError("Nobody knows why")
            return plan(case, steps)

        with patch.object(model, "_escalated_values", fail):
            self._tick(NOW + HOUR)
        self.assertEqual(set(healthy.escalation_ids.mapped("state")), {"done"})
        self.assertEqual(set(broken.escalation_ids.mapped("state")), {"failed"})
        self.assertIn("Nobody knows why", broken.escalation_ids[0].result)
        self.assertEqual(self.policy.activity_ids.user_id, self.policy.owner_id)
        self.assertIn(broken.name, self.policy.activity_ids.note)
        self.assertTrue(self._activities(healthy))

    def test_people_without_mail_or_account_stop_nobody(self):
        self.user_lead.partner_id.email = False
        self.user_manager.active = False
        case = self._create_case_with_clock(user_id=self.user_agent.id)
        self._tick(NOW + 24 * HOUR)
        self.assertEqual(self._activities(case).user_id, self.user_agent | self.user_lead)
        self.assertEqual(len(self._messages(self.user_agent)), 1)
        # whom the last level names is gone: the lead was told instead
        last = case.escalation_ids.filtered(lambda event: event.level_id == self.after)
        self.assertEqual(last.user_ids, self.user_lead)
        self.assertIn(case.name, self.policy.activity_ids.note)

    def test_a_person_who_left_is_not_given_a_case(self):
        policy = self._create_policy(
            {"trigger": "breach", "reassign_to": "user", "reassign_user_id": self.user_agent.id}
        )
        self.team.escalation_policy_id = policy
        case = self._create_case_with_clock()
        self.user_agent.active = False
        self._tick(NOW + HOUR)
        self.assertFalse(case.user_id)
        self.assertIn("could not be carried out", case.escalation_ids.result)
        self.assertEqual(policy.activity_ids.user_id, self.user_admin)

    def test_private_cases_are_not_told_to_outsiders(self):
        policy = self._create_policy({"trigger": "breach", "tell_role": "user"})
        self.team.write({"escalation_policy_id": policy.id, "private": True})
        self.team.member_ids = self.user_agent
        case = self._create_case_with_clock()
        self._tick(NOW + HOUR)
        told = case.escalation_ids.user_ids
        self.assertIn(self.user_agent, told)
        self.assertIn(self.user_manager, told)
        self.assertNotIn(self.user_colleague, told)

    # ------------------------------------------------------------------
    # changes of the case
    # ------------------------------------------------------------------
