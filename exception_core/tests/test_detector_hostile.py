from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestDetectorHostile(ExceptionCommon):
    """What an administrator of the suite, who administers nothing else, can and cannot do."""

    def _configure(self, model="res.partner", **overrides):
        """Create a detector with the rights of the suite's administrator, as the form does."""
        values = {
            "name": "Configured",
            "model_id": self.env["ir.model"]._get(model).id,
            "type_id": self.case_type.id,
            "domain": "[('ref', '=', 'nobody')]",
        }
        return self.env["exception.detector"].with_user(self.user_admin).create(values | overrides)

    def test_the_suites_administrator_configures_a_realtime_detector(self):
        detector = self._configure(cadence="realtime")
        detector.action_enable()
        self.assertEqual(detector.state, "enabled")
        self.assertEqual(detector.backtest()["cases"], 0)
        self.env.cr.execute("SHOW transaction_read_only")
        self.assertEqual(self.env.cr.fetchone()[0], "off")

    def test_a_new_detector_is_a_draft_whatever_the_context_says(self):
        detectors = self.env["exception.detector"].with_context(default_state="enabled")
        self.env = detectors.env
        self.assertEqual(self._configure().state, "draft")

    def test_a_fact_written_by_itself_cannot_read_what_the_person_may_not(self):
        detector = self._configure("res.users", fact_ids=[(0, 0, {"name": "a", "path": "login"})])
        with self.assertRaises(ValidationError):
            detector.fact_ids.path = "totp_secret"

    def test_what_is_read_by_document_is_for_system_administrators(self):
        for model in ("ir.attachment", "mail.message", "ir.config_parameter"):
            with self.subTest(model=model), self.assertRaises(ValidationError):
                self._configure(model, domain="[]")
        with self.assertRaises(ValidationError):
            self._configure(domain="[('message_ids.body', 'ilike', 'a')]")

    def test_the_desks_own_records_are_not_checked(self):
        with self.assertRaises(ValidationError):
            self._configure("exception.case", domain="[('is_open', '=', True)]")

    def test_an_inherited_field_that_is_not_stored_is_refused(self):
        with self.assertRaises(ValidationError):
            self._configure("res.users", domain="[('contact_address', '=', 'x')]")

    def test_what_is_no_condition_is_refused_with_a_sentence(self):
        for domain in (
            "['&']",
            "[(None, '=', 1)]",
            "[5]",
            "[('id', 'inselect', ('select 1', []))]",
        ):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self._configure(domain=domain)

    def test_an_archived_detector_no_longer_judges_saves(self):
        detector = self._configure(cadence="realtime")
        detector.action_enable()
        detectors = self.env["exception.detector"]
        self.assertIn(detector.id, detectors._realtime_ids("res.partner"))
        detector.active = False
        self.assertNotIn(detector.id, detectors._realtime_ids("res.partner"))

    def test_a_path_that_is_gone_does_not_stop_a_deletion(self):
        detector = self._create_detector(
            cadence="realtime",
            trigger_ids=[
                (
                    0,
                    0,
                    {"model_id": self.env["ir.model"]._get("res.users").id, "path": "partner_id"},
                )
            ],
        )
        detector.action_enable()
        trigger = detector.trigger_ids.filtered("path")
        self.env.cr.execute(
            SQL(
                "UPDATE exception_detector_trigger SET path = 'x_gone' WHERE id = ANY(%s)",
                trigger.ids,
            )
        )
        trigger.invalidate_recordset()
        self.env.registry.clear_cache()
        self.env["exception.detector"]._collect_deleted(self.user_outsider)

    def test_what_cannot_be_written_fails_as_the_users(self):
        """A save that is lost must not be committed as if nothing had happened."""
        self._configure(cadence="realtime").action_enable()
        self.env.flush_all()
        self.env["exception.detector"]._collect(self.partner, ["ref"])
        refused = patch.object(type(self.env), "flush_all", side_effect=psycopg2.IntegrityError)
        with self.assertRaises(psycopg2.IntegrityError), refused:
            self.env["exception.detector"]._judge_touched()

    def test_an_uninstall_leaves_the_cases_of_its_detectors(self):
        detector = self._create_detector(domain=f"[('id', '=', {self.partner.id})]")
        detector._sweep()
        case = self.env["exception.case"].search([("detector_id", "=", detector.id)])
        with self.assertRaises(UserError):
            detector.unlink()
        detector.with_context(_force_unlink=True).unlink()
        self.env.invalidate_all()
        self.assertTrue(case.exists())
        self.assertFalse(case.detector_id)

    def test_a_hit_without_company_is_judged_by_the_detectors_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        detector = self._create_detector()
        source = SQL("SELECT 1 AS res_id, NULL::integer AS company_id")
        for companies, others, found in (
            ([], [other.id], 1),
            ([], [detector.company_id.id], 0),
            ([detector.company_id.id], [], 1),
        ):
            self.env.cr.execute(detector._company_branch(source, companies, others))
            self.assertEqual(len(self.env.cr.fetchall()), found)

    def test_a_failure_is_told_as_text(self):
        detector = self._create_detector(name="<b>bold</b>", max_failures=1, owner_id=self.env.uid)
        detector.action_enable()
        vals = {"state": "failed", "error": "<i>x</i>", "started_at": fields.Datetime.now()}
        detector._record_run("sweep", vals)
        self.assertIn("&lt;b&gt;", str(detector.activity_ids.note))

    def test_only_people_of_the_desk_own_cases(self):
        case = self._create_case().with_user(self.user_agent)
        portal = self._create_user("test_exception_portal", "base.group_portal")
        for user in (portal, self.user_outsider, self.user_auditor):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                case.user_id = user

    def test_a_new_owner_does_not_move_the_times_of_an_ended_case(self):
        case = self._create_case().with_user(self.user_agent)
        case.cancel_case(note="nothing to do")
        case.user_id = self.user_agent
        self.assertFalse(case.assigned_at)

    def test_a_condition_cannot_compute_for_long(self):
        detector = self._create_detector()
        for value in (
            "10**10**10",
            "[0] * 10**9",
            "'a' * 999999999",
            "('a' + 'a') * 999999999",
            "list(range(10**10))",
            "[x for x in (1, 2)]",
            "(1).__class__",
            "days_ago(n=1)",
        ):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                detector.domain = f"[('id', '=', {value})]"
        detector.domain = "[('create_date', '<', days_ago(2 * 3 + 1)), ('id', '>', -1)]"

    def test_a_back_test_tells_of_the_own_companies_only(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for company in (elsewhere, self.env.company):
            self.env["res.partner"].create(
                {"name": "Tried", "ref": "tried", "company_id": company.id}
            )
        detector = self._create_detector(domain="[('ref', '=', 'tried')]")
        result = detector.with_user(self.user_admin).backtest()
        self.assertEqual(result["cases"], 1)
        self.assertEqual(detector._sweep().opened, 2)
