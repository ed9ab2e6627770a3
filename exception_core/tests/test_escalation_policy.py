from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .escalation_common import HOUR, NOW, EscalationCommon


@tagged("post_install", "-at_install")
class TestEscalationPolicy(EscalationCommon):
    """What an administrator writes, reads and is refused."""

    def test_levels_in_words(self):
        self.assertEqual(
            self.policy.level_ids.mapped("summary"),
            [
                "At warning: tell the case's owner",
                "At breach: tell the team lead",
                "4 business hours after breach: tell the category owner, raise severity",
            ],
        )
        self.assertEqual(self.policy.level_ids.mapped("number"), [1, 2, 3])

    def test_hours_are_kept_as_whole_seconds(self):
        with Form(self.policy) as form, form.level_ids.new() as line:
            line.trigger = "after"
            line.delay_hours = 1.5
            line.clock_kind = "response"
            line.tell_lead = True
        level = self.policy.level_ids[-1]
        self.assertEqual(level.delay_seconds, 5400)
        self.assertEqual(
            level.summary,
            "1.50 business hours after breach of the first response: tell the team lead",
        )

    def test_what_cannot_work_is_refused(self):
        archived = self._create_team(active=False)
        for wrong in (
            {},
            {"reassign_to": "user"},
            {"tell_user_ids": [(6, 0, self.user_outsider.ids)]},
            {"reassign_to": "user", "reassign_user_id": self.user_approver.id},
            {"hand_over_team_id": archived.id},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self._create_policy({"trigger": "breach", **wrong})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_policy({"trigger": "after", "tell_lead": True})

    def test_people_and_teams_fit_the_company_of_the_policy(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self._create_team(company_id=self.env.company.id)
        for wrong in (
            {"tell_user_ids": [(6, 0, self.user_agent.ids)]},
            {"hand_over_team_id": team.id},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self._create_policy({"trigger": "breach", **wrong}, company_id=company.id)

    def test_one_default_and_used_policies_stay(self):
        with self.assertRaises(ValidationError):
            self._create_policy(is_default=True)
        policy = self._create_policy()
        self.team.escalation_policy_id = policy
        with self.assertRaises(ValidationError):
            policy.active = False

    def test_a_company_may_have_its_own_default(self):
        policy = self._create_policy(
            {"trigger": "breach", "tell_lead": True},
            is_default=True,
            company_id=self.env.company.id,
        )
        case = self._create_case_with_clock()
        self._tick(NOW + HOUR)
        self.assertEqual(case.escalation_ids.policy_id, policy)

    def test_a_policy_without_levels_keeps_quiet(self):
        self.case_type.escalation_policy_id = self._create_policy()
        case = self._create_case_with_clock()
        self._tick(NOW + 24 * HOUR)
        self.assertFalse(case.escalation_ids)
        self.assertEqual(case.clock_ids.state, "breached")

    def test_the_log_outlives_its_level(self):
        case = self._create_case_with_clock()
        self._tick(NOW + 24 * HOUR)
        words = case.escalation_ids.mapped("level_words")
        self.policy.level_ids.with_user(self.user_admin).unlink()
        case.escalation_ids.invalidate_recordset()
        self.assertEqual(case.escalation_ids.mapped("level_words"), words)
        self.assertFalse(case.escalation_ids.level_id)

    def test_nobody_writes_the_log(self):
        case = self._create_case_with_clock()
        self._tick(NOW + HOUR)
        event = case.escalation_ids[0]
        self.assertTrue(event.with_user(self.user_auditor).result)
        for user in (self.user_admin, self.user_auditor, self.user_agent):
            own = event.with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    own.write({"result": "Nothing happened"})
                with self.assertRaises(AccessError):
                    own.unlink()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.user_manager).write({"name": "Mine"})

    def test_the_log_of_private_cases_is_private(self):
        self.team.private = True
        case = self._create_case_with_clock()
        self._tick(NOW + HOUR)
        log = self.env["exception.escalation.event"]
        domain = [("case_id", "=", case.id)]
        stranger = self._create_user("escalation_stranger", "exception_core.group_user")
        self.assertFalse(log.with_user(stranger).search(domain))
        self.assertTrue(log.with_user(self.user_agent).search(domain))
        self.assertTrue(log.with_user(self.user_auditor).search(domain))

    def test_smart_buttons_open_the_log(self):
        case = self._create_case_with_clock()
        self._tick(NOW + 24 * HOUR)
        self.assertEqual((case.escalation_count, self.policy.event_count), (3, 3))
        for action in (case.action_open_escalations(), self.policy.action_open_events()):
            found = self.env["exception.escalation.event"].search(action["domain"])
            self.assertEqual(found, case.escalation_ids)
