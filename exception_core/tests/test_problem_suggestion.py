from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_problem import ProblemCase


@tagged("post_install", "-at_install")
class TestProblemSuggestion(ProblemCase):
    """Cases that share something are suggested as one problem."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Suggestion = cls.env["exception.problem.suggestion"]
        cls.env["exception.case"].sudo().search([]).write({"detected_at": "2020-01-01 00:00:00"})
        cls.category.owner_id = cls.user_manager
        cls.env["ir.config_parameter"].set_param("exception_core.problem_cases", 3)
        cls.late = cls._create_cases(4, type_id=cls.kind.id, partner_id=cls.partner.id, amount=10)

    def _look(self):
        self.Suggestion._cron_look()
        return self.Suggestion.search([("type_id", "=", self.kind.id)])

    def test_the_most_specific_group_wins(self):
        found = self._look()
        self.assertEqual(len(found), 1)
        self.assertEqual((found.dimension, found.value_id), ("partner_id", self.partner.id))
        self.assertEqual((found.case_ids, found.case_count), (self.late, 4))
        self.assertEqual(found.exposure, 40)
        self.assertIn(f"4 cases “{self.kind.name}” with partner Test customer", found.reason)
        self.assertIn("in 14 days", found.reason)
        self.assertIn("at stake", found.reason)
        self.assertEqual(found.shared, {"team_id": self.team.id})

    def test_what_is_left_may_share_something_broader(self):
        rest = self._create_cases(3, type_id=self.kind.id)
        found = self._look().sorted("dimension")
        self.assertEqual(found.mapped("dimension"), ["partner_id", "team_id"])
        self.assertEqual(found[1].case_ids, rest)

    def test_what_nearly_all_cases_share_comes_last(self):
        channel = self.env["exception.channel"].search([], limit=1)
        self.late.partner_id = False
        self.late.channel_id = channel
        self.late[:3].team_id = self._create_team()
        found = self._look()
        self.assertEqual((found.dimension, found.case_ids), ("team_id", self.late[:3]))
        self.assertEqual(found.shared["channel_id"], channel.id)

    def test_too_few_too_old_or_no_exceptions(self):
        self.late[0].sudo().detected_at = fields.Datetime.now() - timedelta(days=15)
        self.late[1].mark_false_alarm(self._create_reason(kind="false_alarm").id)
        self.assertFalse(self._look())

    def test_a_suggestion_follows_the_cases_and_goes_with_them(self):
        found = self._look()
        self._create_case(type_id=self.kind.id, partner_id=self.partner.id)
        self.assertEqual(self._look(), found)
        self.assertEqual(found.case_count, 5)
        with freeze_time(fields.Datetime.now() + timedelta(days=20)):
            self.assertFalse(self._look())

    def test_one_activity_with_the_owner_of_the_category(self):
        found = self._look()
        self.assertEqual(found.activity_ids.user_id, self.user_manager)
        self.assertIn("4 cases", found.activity_ids.summary)
        self._create_case(type_id=self.kind.id, partner_id=self.partner.id)
        self._look()
        self.assertEqual(len(found.activity_ids), 1)
        self.assertIn("5 cases", found.activity_ids.summary)

    def test_opening_makes_a_problem_of_the_cases(self):
        found = self._look().with_user(self.user_lead)
        result = found.open_problem()
        problem = self.env["exception.problem"].browse(result["problem_id"])
        self.assertEqual((problem.case_ids, problem.user_id), (self.late, self.user_lead))
        self.assertEqual(problem.pattern, found.pattern)
        self.assertEqual((found.state, found.problem_id), ("adopted", problem))
        self.assertFalse(found.sudo().activity_ids)
        self.assertEqual(self._hit().problem_id, problem)
        self.assertEqual(self._look().state, "adopted")
        with self.assertRaises(UserError):
            found.open_problem()

    def test_dismissed_until_a_date_or_until_it_grows(self):
        found = self._look()
        with self.assertRaises(UserError):
            found.with_user(self.user_lead).dismiss()
        found.with_user(self.user_lead).dismiss(days=3)
        self.assertFalse(found.activity_ids)
        self.assertEqual(self._look().state, "dismissed")
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            self.assertEqual(self._look().state, "new")
        found.with_user(self.user_lead).dismiss(cases=6)
        self._create_case(type_id=self.kind.id, partner_id=self.partner.id)
        self.assertEqual(self._look().state, "dismissed")
        self._create_case(type_id=self.kind.id, partner_id=self.partner.id)
        self.assertEqual(self._look().state, "new")

    def test_leads_see_it_on_the_case(self):
        self._look()
        self.env.invalidate_all()
        case = self.late[0]
        self.assertIn("4 cases", case.with_user(self.user_lead).suggestion_reason)
        self.assertFalse(case.with_user(self.user_agent).suggestion_reason)

    def test_private_cases_are_looked_at_apart(self):
        secret = self._create_team(
            private=True, lead_id=self.user_manager.id, member_ids=[(6, 0, self.user_colleague.ids)]
        )
        hidden = self._create_cases(
            3, type_id=self.kind.id, partner_id=self.partner.id, team_id=secret.id
        )
        found = self._look()
        private = found.filtered("team_id")
        self.assertEqual((private.case_ids, (found - private).case_ids), (hidden, self.late))
        seen = self.Suggestion.with_user(self.user_lead).search([("id", "in", found.ids)])
        self.assertEqual(seen, found - private)
        problem = private.with_user(self.user_manager).open_problem()["problem_id"]
        self.assertEqual(self.env["exception.problem"].browse(problem).team_id, secret)
        self.assertEqual(set(hidden.mapped("problem_id.id")), {problem})

    def test_roles(self):
        found = self._look()
        for role in ("lead", "manager", "admin", "auditor"):
            self.assertTrue(found.with_user(self.users[role]).read(["reason"]))
        for role in ("agent", "approver", "outsider"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                found.with_user(self.users[role]).read(["reason"])
        for role in ("agent", "approver", "auditor"):
            for verb in ("open_problem", "look_now", "dismiss"):
                with self.subTest(role=role, verb=verb), self.assertRaises(AccessError):
                    getattr(found.with_user(self.users[role]), verb)()
        with self.assertRaises(UserError):
            found.with_user(self.user_lead).write({"state": "adopted"})
        self.assertTrue(found.with_user(self.user_lead).look_now())

    def test_looking_takes_one_statement_a_dimension(self):
        self._look()
        self._create_cases(20, type_id=self.kind.id, partner_id=self.partner.id)
        self.env.flush_all()
        dimensions = self.env["exception.case"]._cause_dimensions()
        since = fields.Datetime.now() - timedelta(days=14)
        with self.assertQueryCount(len(dimensions)):
            for dimension in dimensions:
                self.Suggestion._groups(dimension, dimensions, 3, since, [])

    def test_the_problem_of_a_suggestion_without_one_is_refused_in_words(self):
        found = self._look()
        with self.assertRaisesRegex(UserError, "No problem was made"):
            found.with_user(self.user_lead).action_open_adopted()
