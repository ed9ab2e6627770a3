from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .action_common import ActionCommon

AMOUNT = (0, 0, {"name": "amount", "label": "Amount", "kind": "amount"})


@tagged("post_install", "-at_install")
class TestActionLimits(ActionCommon):
    """Limits for a run and for a day, and what stops automation altogether."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay = cls._create_action(
            money="input", parameter_ids=[AMOUNT], limit_run=50, limit_day=100
        )
        cls.case_type = cls._create_type(breaker_runs=3, breaker_failures=2)
        cls.auto_case = cls._create_case(type_id=cls.case_type.id)

    def _pay(self, amount, **more):
        return self._run(self.pay, values={"amount": amount}, **more)

    def test_one_run(self):
        self.assertEqual(self._pay(50).state, "done")
        run = self._pay(50.01)
        self.assertEqual(run.state, "proposed")
        self.assertIn("50.01", run.why)

    def test_a_day(self):
        self._pay(50)
        self._pay(40)
        run = self._pay(20)
        self.assertEqual(run.state, "proposed")
        self.assertIn("90", run.why)
        self.assertEqual(self._pay(10).state, "done")
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            run.with_user(self.user_agent).submit()
            self.assertEqual(run.state, "done")

    def test_the_day_is_the_company_s(self):
        self.env.company.partner_id.tz = "Asia/Tokyo"
        with freeze_time("2024-05-01 14:30:00"):
            self._pay(50)
            self._pay(50)
            self.assertEqual(self._pay(10).state, "proposed")
        with freeze_time("2024-05-01 15:10:00"):
            self.assertEqual(self._pay(10).state, "done", "past midnight in Tokyo")

    def test_what_failed_uses_nothing_up(self):
        self.pay.server_action_id.code = "raise UserError('no')"
        self._pay(50)
        self._pay(50)
        self.pay.server_action_id.code = "case.write({'description': 'paid'})"
        self.assertEqual(self._pay(50).state, "done")

    def test_number_a_day(self):
        action = self._create_action(limit_count=2)
        states = [self._run(action).state for _time in range(3)]
        self.assertEqual(states, ["done", "done", "proposed"])

    def test_another_currency(self):
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        currency = self.env.company.currency_id
        other = (euro | dollar - currency)[:1] if currency != euro else dollar
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 2.0, "name": "2020-01-01"}
        )
        case = self._create_case(currency_id=other.id)
        self.assertEqual(self._pay(100, case=case).state, "done", "100 are 50 of ours")
        self.assertEqual(self._pay(102, case=case).state, "proposed")

    def test_limits_that_cannot_work(self):
        for wrong in (
            {"limit_run": -1},
            {"money": "none"},
            {"parameter_ids": [(5,)]},
            {"key_template": "{case.user_id.login}"},
            {"key_template": "{values.iban}"},
            {"retry_pattern": "soon"},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.pay.write(wrong)

    # ------------------------------------------------------------------
    # the breaker
    # ------------------------------------------------------------------

    def test_too_many_runs_stop_automation(self):
        action = self._create_action()
        runs = [self._automate(action, self.auto_case) for _time in range(4)]
        self.assertEqual([run.state for run in runs], ["done"] * 3 + ["proposed"])
        self.assertTrue(self.case_type.automation_stopped)
        stop = self.case_type.stop_ids
        self.assertEqual(stop.case_id.type_id.code, "automation_stopped")
        self.assertEqual(self._run(action, case=self.auto_case).state, "done", "people go on")
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.assertEqual(self._automate(action, self.auto_case).state, "proposed")

    def test_a_manager_switches_it_on_again(self):
        action = self._create_action()
        for _time in range(4):
            self._automate(action, self.auto_case)
        stop = self.case_type.stop_ids
        for role in ("agent", "lead", "approver", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                stop.with_user(self.users[role]).resume("looks fine")
        with self.assertRaises(UserError):
            stop.with_user(self.user_manager).resume("")
        stop.with_user(self.user_manager).resume("A promotion: all of them were right")
        self.assertFalse(self.case_type.automation_stopped)
        later = fields.Datetime.now() + timedelta(seconds=2)
        with freeze_time(later):
            self.assertEqual(self._automate(action, self.auto_case).state, "done")

    def test_too_much_money_stops_automation(self):
        self.case_type.write({"breaker_runs": 0, "breaker_amount": 60})
        self.pay.write({"limit_day": 0, "limit_run": 0})
        states = [
            self._automate(self.pay, self.auto_case, {"amount": amount}).state
            for amount in (30, 30, 1)
        ]
        self.assertEqual(states, ["done", "done", "proposed"])

    def test_too_many_failures_stop_automation(self):
        action = self._create_action("raise UserError('broken')")
        states = [self._automate(action, self.auto_case).state for _time in range(3)]
        self.assertEqual(states, ["failed", "failed", "proposed"])
        self.assertIn("failed", self.case_type.stop_ids.why)

    def test_other_types_go_on(self):
        action = self._create_action()
        for _time in range(4):
            self._automate(action, self.auto_case)
        self.assertEqual(self._automate(action).state, "done")
