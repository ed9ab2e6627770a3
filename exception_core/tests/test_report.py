from ast import literal_eval
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ExceptionCommon

MONDAY = datetime(2024, 3, 4, 8)


@tagged("post_install", "-at_install")
class TestReport(ExceptionCommon):
    """The analyses say what happened to cases, and show nobody what they may not see."""

    @classmethod
    def setUpClass(cls):
        """Give the cases a type whose promises count around the clock."""
        super().setUpClass()
        cls.policy = cls.env["exception.sla.policy"].create(
            {
                "name": "Report promises",
                "round_the_clock": True,
                "target_ids": [
                    (0, 0, {"severity": severity, "response_hours": 1, "resolution_hours": 10})
                    for severity in "1234"
                ],
            }
        )
        cls.case_type = cls._create_type(sla_policy_id=cls.policy.id, requires_root_cause=True)
        cls.cause = cls._create_reason(kind="root_cause", reason_class="carrier")
        cls.resolution = cls._create_reason()

    def _open(self, at=MONDAY, **vals):
        with freeze_time(at):
            case = self._create_case(type_id=self.case_type.id, **vals)
            self.env.flush_all()
        return case

    def _resolve(self, case, hours):
        with freeze_time(MONDAY + timedelta(hours=hours)):
            case.with_user(self.user_agent).resolve(self.cause.id, self.resolution.id, "Done")
            self.env.flush_all()

    def _row(self, case, role="lead", hours=0):
        with freeze_time(MONDAY + timedelta(hours=hours)):
            report = self.env["exception.report.case"].with_user(self.users[role])
            self.env.invalidate_all()
            row = report.search([("case_id", "=", case.id)])
            row.read()
            return row

    def _groups(self, model, cases, groupby, measures):
        domain = [("case_id", "in", cases.ids)]
        rows = self.env[model].with_user(self.user_lead)._read_group(domain, groupby, measures)
        return {row[0]: row[1:] for row in rows}

    def test_a_case_that_was_resolved_in_time(self):
        case = self._open(amount=100)
        with freeze_time(MONDAY + timedelta(minutes=30)):
            case.with_user(self.user_agent).assign_to_me()
            self.env.flush_all()
        self._resolve(case, 5)
        row = self._row(case, hours=6)
        self.assertEqual((row.response_state, row.resolution_state), ("met", "met"))
        self.assertEqual((row.response_rate, row.resolution_rate), (1, 1))
        self.assertAlmostEqual(row.response_hours, 0.5)
        self.assertAlmostEqual(row.resolution_hours, 5)
        self.assertAlmostEqual(row.resolution_wall_hours, 5)
        self.assertEqual((row.outcome, row.reason_class), ("manual", "carrier"))
        self.assertEqual((row.amount_open, row.amount_resolved), (0, 100))
        self.assertEqual(row.ended_at, MONDAY + timedelta(hours=5))
        self.assertFalse(row.age)

    def test_a_promise_that_is_over_is_breached_before_the_tick_comes(self):
        case = self._open()
        self.assertEqual(self._row(case, hours=0).response_state, "running")
        row = self._row(case, hours=2)
        self.assertEqual((row.response_state, row.response_breached), ("breached", 1))
        self.assertEqual((row.resolution_state, row.resolution_breached), ("running", 0))
        self.assertEqual(row.response_rate, 0)

    def test_open_cases_by_age(self):
        case = self._open(amount=70)
        for hours, age in ((1, "1"), (25, "2"), (24 * 3, "3"), (24 * 8, "4"), (24 * 30, "5")):
            with self.subTest(hours):
                row = self._row(case, hours=hours)
                self.assertEqual(row.age, age)
                self.assertAlmostEqual(row.age_days, hours / 24)
        self.assertEqual((row.open_count, row.amount_open), (1, 70))

    def test_false_alarms_of_those_that_ended(self):
        cases = self.env["exception.case"].concat(*(self._open() for _index in range(4)))
        reason = self._create_reason(kind="false_alarm")
        cases[0].with_user(self.user_agent).mark_false_alarm(reason.id)
        cases[1].with_user(self.user_agent).resolve(self.cause.id, self.resolution.id, "Done")
        found = self._groups(
            "exception.report.case",
            cases,
            ["type_id"],
            ["__count", "false_alarm_count:sum", "false_alarm_rate:avg", "open_count:sum"],
        )
        self.assertEqual(found[self.case_type], (4, 1, 0.5, 2))

    def test_escalations_are_counted(self):
        case = self._open()
        self.env["exception.escalation.event"].create(
            {
                "clock_id": case.clock_ids[:1].id,
                "case_id": case.id,
                "at": MONDAY,
                "state": "done",
            }
        )
        self.assertEqual(self._row(case).escalation_count, 1)

    def test_money_is_in_the_currency_of_the_readers_company(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        )
        other.active = True
        company = self.env["res.company"].create({"name": "Far away", "currency_id": other.id})
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "company_id": self.env.company.id, "rate": 4}
        )
        case = self._open(company_id=company.id, team_id=False, amount=200, currency_id=other.id)
        self.user_lead.company_ids += company
        report = self.env["exception.report.case"].with_user(self.user_lead)
        report = report.with_context(allowed_company_ids=[self.env.company.id, company.id])
        row = report.search([("case_id", "=", case.id)])
        self.assertEqual(row.currency_id, self.env.company.currency_id)
        self.assertAlmostEqual(row.amount_open, 50)
        here = report.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(here.search([("case_id", "=", case.id)]))

    def test_opened_against_ended(self):
        first, second = self._open(), self._open(MONDAY + timedelta(days=1))
        self._resolve(first, 30)
        found = self._groups(
            "exception.report.flow",
            first | second,
            ["date:day"],
            ["opened:sum", "ended:sum", "change:sum"],
        )
        self.assertEqual(found, {datetime(2024, 3, 4): (1, 0, 1), datetime(2024, 3, 5): (1, 1, 0)})

    def test_private_teams_stay_private(self):
        private = self._create_team(private=True)
        case = self._open(team_id=private.id)
        for model in ("exception.report.case", "exception.report.flow"):
            for role, seen in (("lead", False), ("manager", True), ("auditor", True)):
                with self.subTest(model=model, role=role):
                    report = self.env[model].with_user(self.users[role])
                    self.assertEqual(bool(report.search([("case_id", "=", case.id)])), seen)

    def test_agents_have_no_reports_and_nobody_writes_them(self):
        case = self._open()
        with self.assertRaises(AccessError):
            self._row(case, role="agent")
        row = self._row(case, role="admin")
        with self.assertRaises(AccessError):
            row.write({"reopen_count": 3})

    def test_the_favourites_of_each_role_can_be_answered(self):
        filters = self.env["ir.filters"].search([("model_id", "=like", "exception.report.%")])
        self.assertGreater(len(filters), 10)
        for favourite in filters:
            with self.subTest(favourite.name):
                context = literal_eval(favourite.context)
                model = self.env[favourite.model_id].with_user(self.user_lead)
                measures = [
                    f"{name}:{model._fields[name].group_operator}"
                    for name in context["pivot_measures"]
                    if name != "__count"
                ]
                groupby = [*context["pivot_row_groupby"], *context["pivot_column_groupby"]]
                model._read_group([], groupby, measures or ["__count"])
