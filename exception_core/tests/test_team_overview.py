"""The figures of the team overview, and who sees which."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ExceptionCommon

NOW = datetime(2024, 5, 15, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTeamOverview(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case_type = cls._create_type()

    def _plan(self, case, due):
        case.date_due = due
        return case

    def _team(self, role, team=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        return (team or self.team).with_user(self.users[role]).with_context(**context)

    def test_an_idle_team_shows_zeros(self):
        team = self._team("agent")
        self.assertEqual((team.open_count, team.breached_count, team.exposure), (0, 0, 0))
        self.assertFalse(team.oldest_at)
        self.assertEqual(team.trend, [0] * 14)

    def test_every_number_counts_what_its_list_shows(self):
        later = NOW + timedelta(hours=3)
        apart = self.env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        self._plan(self._create_case(amount=100, res_id=apart[0].id), later)
        self._plan(
            self._create_case(amount=50, user_id=self.user_agent.id, res_id=apart[1].id), NOW
        )
        self._plan(self._create_case(user_id=self.user_lead.id, state="waiting"), later)
        self._plan(self._create_case(), NOW - timedelta(seconds=1))
        self._plan(self._create_case(), NOW + timedelta(days=1))
        self._create_case(state="resolved", amount=1000)
        self._create_case(team_id=self._create_team().id, amount=1000)
        team = self._team("agent")
        self.assertEqual(team.open_count, 5)
        self.assertEqual(team.unassigned_count, 3)
        self.assertEqual(team.mine_count, 1)
        self.assertEqual(self._team("lead").mine_count, 1)
        self.assertEqual(self._team("manager").mine_count, 0)
        self.assertEqual(team.waiting_count, 1)
        self.assertEqual(team.due_today_count, 3)
        self.assertEqual(team.breached_count, 1)
        self.assertEqual(team.exposure, 150)
        self.assertEqual(team.currency_id, self.env.company.currency_id)

    def test_the_money_of_a_record_is_at_stake_once(self):
        self._create_case(amount=100)
        self._create_case(amount=100)
        team = self._team("agent")
        self.assertEqual((team.open_count, team.exposure), (2, 100))

    def test_today_ends_at_midnight_of_the_user(self):
        self._plan(self._create_case(), datetime(2024, 5, 15, 23))
        self.assertEqual(self._team("agent").due_today_count, 1)
        self.user_agent.tz = "Europe/Helsinki"
        self.assertEqual(self._team("agent").due_today_count, 0)

    def test_the_oldest_open_case_is_told(self):
        self._create_case(detected_at=NOW - timedelta(days=9), state="resolved")
        self._create_case(detected_at=NOW - timedelta(days=3))
        self._create_case(detected_at=NOW)
        self.assertEqual(self._team("agent").oldest_at, NOW - timedelta(days=3))

    def test_the_trend_counts_the_days_of_a_fortnight(self):
        for days in (0, 0, 1, 13, 14):
            self._create_case(detected_at=NOW - timedelta(days=days))
        self._create_case(detected_at=NOW - timedelta(days=1), state="resolved")
        self.assertEqual(self._team("agent").trend, [1] + [0] * 11 + [2, 2])

    def test_the_trend_cuts_days_where_the_user_does(self):
        self._create_case(detected_at=datetime(2024, 5, 14, 23, 30))
        self.assertEqual(self._team("agent").trend[-2:], [1, 0])
        self.user_agent.tz = "Europe/Helsinki"
        self.assertEqual(self._team("agent").trend[-2:], [0, 1])

    def test_cases_of_other_companies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self._create_case(amount=10)
        self._create_case(amount=70, company_id=other.id, res_model=False, res_id=False)
        self.assertEqual(self._team("agent").open_count, 1)
        self.assertEqual(self._team("agent").trend[-1], 1)
        self.user_agent.company_ids += other
        both = (self.env.company | other).ids
        here = self._team("agent", allowed_company_ids=self.env.company.ids)
        self.assertEqual(here.open_count, 1)
        team = self._team("agent", allowed_company_ids=both)
        self.assertEqual((team.open_count, team.exposure), (2, 80))

    def test_exposure_is_in_the_currency_of_the_own_company(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2024-01-01", "company_rate": 4})],
            }
        )
        other = self.env["res.company"].create({"name": "Other", "currency_id": currency.id})
        self._create_case(
            amount=80, company_id=other.id, currency_id=currency.id, res_model=False, res_id=False
        )
        self.user_agent.company_ids += other
        both = (self.env.company | other).ids
        self.assertEqual(self._team("agent", allowed_company_ids=both).exposure, 20)

    def test_private_teams_are_for_members_managers_and_auditors(self):
        private = self._create_team(private=True, member_ids=[(6, 0, self.user_agent.ids)])
        self._create_case(team_id=private.id)
        search = [("id", "=", private.id)]
        seen = {
            role: self.env["exception.team"].with_user(self.users[role]).search_count(search)
            for role in self.users
            if role != "outsider"
        }
        self.assertEqual(
            seen,
            {
                "agent": 1,
                "colleague": 0,
                "lead": 0,
                "manager": 1,
                "admin": 1,
                "approver": 0,
                "auditor": 1,
            },
        )
        for role in ("agent", "manager", "auditor"):
            self.assertEqual(self._team(role, private).open_count, 1)

    def test_my_teams(self):
        other = self._create_team()
        mine = self.env["exception.team"].with_user(self.user_agent).search([("is_mine", "=", 1)])
        self.assertEqual(mine, self.team)
        self.assertTrue(self._team("lead").is_mine)
        self.assertFalse(self._team("lead", other).is_mine)
        self.assertNotIn(
            self.team,
            self.env["exception.team"].with_user(self.user_lead).search([("is_mine", "=", False)]),
        )

    def test_all_figures_of_all_teams_take_two_statements(self):
        teams = self.team | self._create_team() | self._create_team()
        for team in teams:
            self._create_case(team_id=team.id)
        teams = self._team("agent", teams)
        teams.mapped("name")
        self.env.user.has_group("base.group_user")
        fields = ["open_count", "exposure", "oldest_at", "trend", "breached_count"]
        teams.read(fields)  # warms the caches of rules and groups
        teams.invalidate_recordset(fields)
        with self.assertQueryCount(3):  # teams themselves, open cases, trend
            teams.read(fields)
