from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestSettings(ExceptionCommon):
    """The settings of the suite, in both places where they are shown."""

    def _parameter(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(f"exception_core.{name}")

    def test_the_suites_administrator_saves_without_being_system_administrator(self):
        self.assertFalse(self.user_admin.has_group("base.group_system"))
        calendar = self.env["resource.calendar"].create({"name": "Desk hours"})
        with Form(self.env["exception.settings"].with_user(self.user_admin)) as form:
            self.assertEqual(form.exception_warn_percent, 80)
            self.assertEqual(form.exception_digest_hour, 7)
            form.exception_warn_percent = 70
            form.exception_calendar_id = calendar
            form.exception_digest_hour = 0
            form.exception_first_response = "message"
        form.record.execute()
        self.assertEqual(self._parameter("warn_percent"), "70")
        self.assertEqual(self._parameter("first_response"), "message")
        self.assertEqual(self.env.company.exception_calendar_id, calendar)
        self.assertEqual(self.env.company.exception_digest_hour, 0)
        again = self.env["exception.settings"].with_user(self.user_admin).create({})
        self.assertEqual(again.exception_warn_percent, 70)
        self.assertEqual(again.exception_calendar_id, calendar)

    def test_both_screens_show_the_same(self):
        self.env["exception.settings"].create({"exception_problem_cases": 9}).execute()
        general = self.env["res.config.settings"].create({})
        self.assertEqual(general.exception_problem_cases, 9)
        general.write({"exception_problem_cases": 4, "exception_digest_hour": 6})
        general.set_values()
        own = self.env["exception.settings"].create({})
        self.assertEqual((own.exception_problem_cases, own.exception_digest_hour), (4, 6))
        arch = self.env["exception.settings"].get_view(view_type="form")["arch"]
        names = [field.name for field in own._parameter_fields() + own._company_fields()]
        for name in names:
            with self.subTest(name):
                self.assertIn(f'name="{name}"', arch)

    def test_a_company_has_its_own_values(self):
        other = self.env["res.company"].create({"name": "Other desk"})
        self.env["exception.settings"].create({"exception_digest_hour": -1}).execute()
        here = self.env["exception.settings"].with_company(other)
        self.assertEqual(here.create({}).exception_digest_hour, 7)
        here.create({"exception_digest_hour": 5}).execute()
        self.assertEqual(self.env.company.exception_digest_hour, -1)
        self.assertEqual(other.exception_digest_hour, 5)

    def test_values_that_cannot_work_are_refused(self):
        for name, value in [
            ("exception_warn_percent", 100),
            ("exception_problem_cases", 1),
            ("exception_run_retention_days", 0),
            ("exception_digest_hour", 24),
        ]:
            with self.subTest(name):
                settings = self.env["exception.settings"].create({name: value})
                with self.assertRaises(ValidationError):
                    settings.execute()

    def test_nobody_else_opens_or_saves_them(self):
        for role in ("agent", "lead", "manager", "approver", "auditor", "outsider"):
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    self.env["exception.settings"].with_user(self.users[role]).create({})
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.user_admin).create({})
        settings = self.env["exception.settings"].create({"exception_warn_percent": 50})
        with self.assertRaises(AccessError):
            settings.with_user(self.user_manager).execute()

    def test_nonsense_written_by_hand_does_not_keep_the_screen_shut(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("exception_core.warn_percent", "soon")
        parameters.set_param("exception_core.limit_currency_id", "0")
        settings = self.env["exception.settings"].create({})
        self.assertFalse(settings.exception_warn_percent)
        self.assertFalse(settings.exception_limit_currency_id)

    def test_old_runs_leave(self):
        detector = self._create_detector()
        now = fields.Datetime.now()
        old, young = self.env["exception.detector.run"].create(
            [
                {
                    "detector_id": detector.id,
                    "mode": "sweep",
                    "state": "done",
                    "started_at": now - timedelta(days=days),
                }
                for days in (31, 29)
            ]
        )
        self.env["exception.detector.run"]._gc_runs()
        self.assertTrue(old.exists())
        self.env["exception.settings"].create({"exception_run_retention_days": 30}).execute()
        self.env["exception.detector.run"]._gc_runs()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_nonsense_written_by_hand_counts_as_not_set(self):
        parameters = self.env["ir.config_parameter"]
        for text, number in (("soon", 14), ("", 14), ("-3", 14), ("0", 1), (" 21 ", 21)):
            parameters.set_param("exception_core.problem_days", text)
            with self.subTest(text=text):
                found = parameters._exception_number("exception_core.problem_days", 14)
                self.assertEqual(found, number)
        parameters.set_param("exception_core.problem_days", "soon")
        self.env["exception.problem.suggestion"]._cron_look()
