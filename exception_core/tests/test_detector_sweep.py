from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

SWEEP_LOGGER = "odoo.addons.exception_core.models.exception_detector_sweep"


@tagged("post_install", "-at_install")
class TestDetectorSweep(ExceptionCommon):
    """The scheduled path: what opens, stays quiet, clears, comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Sweep {n}", "ref": "sweep", "company_id": cls.env.company.id}
                for n in range(3)
            ]
        )
        cls.detector = cls._create_detector(
            name="Partner without e-mail",
            model="res.partner",
            domain="[('ref', '=', 'sweep'), ('email', '=', False)]",
            partner_field="commercial_partner_id",
            fact_ids=[(0, 0, {"name": "City", "path": "city"})],
        )

    def _cases(self):
        return self.env["exception.case"].search([("detector_id", "=", self.detector.id)])

    def test_a_hit_opens_one_case_with_its_facts(self):
        self.partners[0].city = "Porto"
        run = self.detector._sweep()
        self.assertEqual((run.state, run.opened, run.hits), ("done", 3, 3))
        case = self._cases().filtered(lambda c: c.res_id == self.partners[0].id)
        self.assertEqual(case.res_model, "res.partner")
        self.assertEqual(case.type_id, self.detector.type_id)
        self.assertEqual(case.partner_id, self.partners[0])
        self.assertEqual(case.facts[0]["label"], "City")
        self.assertEqual(case.facts[0]["value"], "Porto")

    def test_a_second_sweep_opens_nothing(self):
        self.detector._sweep()
        run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened, run.cleared, run.hits), (0, 0, 0, 3))
        self.assertEqual(len(self._cases()), 3)

    def test_a_healed_record_clears_its_case(self):
        self.detector._sweep()
        self.partners[0].email = "now@example.com"
        run = self.detector._sweep()
        self.assertEqual(run.cleared, 1)
        case = self._cases().filtered(lambda c: c.res_id == self.partners[0].id)
        self.assertEqual((case.state, case.outcome), ("resolved", "cleared"))
        self.assertFalse(case.condition_active)

    def test_a_relapse_within_the_window_reopens_the_same_case(self):
        self.detector._sweep()
        partner = self.partners[0]
        partner.email = "now@example.com"
        self.detector._sweep()
        partner.email = False
        run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened), (0, 1))
        case = self._cases().filtered(lambda c: c.res_id == partner.id)
        self.assertEqual(len(case), 1)
        self.assertTrue(case.is_open)
        self.assertEqual(case.reopen_count, 1)

    def test_a_relapse_after_the_window_is_a_recurrence(self):
        start = fields.Datetime.now()
        self.detector._sweep()
        partner = self.partners[0]
        partner.email = "now@example.com"
        self.detector._sweep()
        partner.email = False
        window = self.detector.type_id.reopen_window_hours
        with freeze_time(start + timedelta(hours=window + 1)):
            run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened), (1, 0))
        cases = self._cases().filtered(lambda c: c.res_id == partner.id).sorted("id")
        self.assertEqual(len(cases), 2)
        self.assertEqual(cases[1].recurrence_of_id, cases[0])
        self.assertTrue(cases[1].is_open)

    def test_an_older_case_that_a_person_took_up_goes_on(self):
        """The newest ended case cannot come back beside it: one open case a hit."""
        start = fields.Datetime.now()
        self.detector._sweep()
        partner = self.partners[0]
        partner.email = "now@example.com"
        self.detector._sweep()
        partner.email = False
        window = self.detector.type_id.reopen_window_hours
        with freeze_time(start + timedelta(hours=window + 1)):
            self.detector._sweep()
            partner.email = "now@example.com"
            self.detector._sweep()
            older, newer = self._cases().filtered(lambda c: c.res_id == partner.id).sorted("id")
            older.reopen()
            partner.email = False
            run = self.detector._sweep()
        self.assertEqual(run.state, "done")
        self.assertTrue(older.is_open and older.condition_active)
        self.assertFalse(newer.is_open)

    def test_what_a_person_closed_stays_quiet_until_it_returns(self):
        self.detector._sweep()
        case = self._cases().filtered(lambda c: c.res_id == self.partners[0].id)
        reason = self.env["exception.reason"].search([("kind", "=", "false_alarm")], limit=1)
        case.mark_false_alarm(reason.id)
        run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened), (0, 0))
        self.assertFalse(case.is_open)
        self.assertTrue(case.condition_active)

    def test_an_accepted_risk_is_quiet_until_its_date(self):
        start = fields.Datetime.now()
        self.detector._sweep()
        case = self._cases().filtered(lambda c: c.res_id == self.partners[0].id)
        reason = self.env["exception.reason"].search([("kind", "=", "acceptance")], limit=1)
        until = start.date() + timedelta(days=10)
        case.accept_risk(until, reason_id=reason.id)
        with freeze_time(start + timedelta(days=9)):
            self.assertEqual(self.detector._sweep().opened, 0)
            self.assertFalse(case.is_open)
        with freeze_time(start + timedelta(days=11)):
            run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened), (0, 1))
        self.assertTrue(case.is_open)

    def test_an_accepted_risk_that_flaps_before_its_date_stays_quiet(self):
        start = fields.Datetime.now()
        self.detector._sweep()
        partner = self.partners[0]
        case = self._cases().filtered(lambda c: c.res_id == partner.id)
        reason = self.env["exception.reason"].search([("kind", "=", "acceptance")], limit=1)
        case.accept_risk(start.date() + timedelta(days=10), reason_id=reason.id)
        partner.email = "now@example.com"
        self.detector._sweep()
        partner.email = False
        run = self.detector._sweep()
        self.assertEqual((run.opened, run.reopened), (0, 0))
        self.assertFalse(case.is_open)

    def test_one_open_case_is_enforced_by_the_database(self):
        self.detector._sweep()
        case = self._cases()[0]
        with (
            self.assertRaisesRegex(Exception, "exception_case_open_hit_uniq"),
            mute_logger("odoo.sql_db"),
        ):
            self.env.cr.execute(
                "UPDATE exception_case SET res_id = %s WHERE id = %s",
                (case.res_id, (self._cases() - case)[0].id),
            )

    def test_record_rules_do_not_hide_hits(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create(
            {"name": "Theirs", "ref": "sweep", "company_id": other.id}
        )
        self.detector.with_user(self.user_admin)._sweep()
        case = self._cases().sudo().filtered(lambda c: c.res_id == partner.id)
        self.assertEqual(case.company_id, other)

    def test_a_company_may_have_its_own_threshold(self):
        other = self.env["res.company"].create({"name": "Patient"})
        self.detector.write(
            {
                "domain": "[('ref', '=', 'sweep'), ('color', '>', limit)]",
                "parameter_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "limit",
                            "label": "Limit",
                            "value": "3",
                            "value_ids": [(0, 0, {"company_id": other.id, "value": "7"})],
                        },
                    )
                ],
            }
        )
        self.partners[:2].color = 5
        self.partners[1].company_id = other
        run = self.detector._sweep()
        self.assertEqual(run.opened, 1)
        self.assertEqual(self._cases().res_id, self.partners[0].id)

    def test_cases_of_a_sweep_are_opened_in_batches(self):
        self.env["res.partner"].create([{"name": f"Many {n}", "ref": "sweep"} for n in range(60)])
        self.detector._sweep()
        self.env["res.partner"].search([("ref", "=", "sweep")]).write({"ref": False})
        self.detector._sweep()
        few = self._statements_of_a_sweep(2)
        many = self._statements_of_a_sweep(60)
        self.assertLessEqual(many, few + 10, "statements must not grow with the number of hits")

    def _statements_of_a_sweep(self, count):
        self.env["res.partner"].create([{"name": f"S {n}", "ref": "sweep"} for n in range(count)])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.detector._sweep()
        return self.env.cr.sql_log_count - before

    @mute_logger("odoo.sql_db", SWEEP_LOGGER)
    def test_a_failing_sweep_is_recorded_and_stops_the_detector_at_last(self):
        self.detector.max_failures = 2
        self.detector.sudo().state = "enabled"
        # what an upgrade that drops a field does: the stored condition names it still
        self.env.cr.execute(
            "UPDATE exception_detector SET domain = %s WHERE id = %s",
            ("[('field_that_was_dropped', '=', 1)]", self.detector.id),
        )
        self.detector.invalidate_recordset()
        run = self.detector._sweep()
        self.assertEqual(run.state, "failed")
        self.assertIn("field_that_was_dropped", run.error)
        self.assertEqual(self.detector.state, "enabled")
        self.detector._sweep()
        self.assertEqual(self.detector.state, "failed")
        activity = self.detector.activity_ids
        self.assertEqual(activity.user_id, self.detector.owner_id)
        self.assertIn("2 times in a row", activity.note)

    def test_two_sweeps_in_a_row_by_the_scheduled_action(self):
        self.registry.enter_test_mode(self.env.cr)
        self.addCleanup(self.registry.leave_test_mode)
        self.detector.sudo().write({"state": "enabled", "cadence": "daily"})
        self.env["exception.detector"]._cron_sweep("daily")
        self.env["exception.detector"]._cron_sweep("daily")
        self.env.invalidate_all()
        runs = self.detector.run_ids
        self.assertEqual(runs.mapped("opened"), [0, 3])

    @mute_logger("odoo.sql_db", SWEEP_LOGGER)
    def test_failures_before_it_was_mended_do_not_count(self):
        self.detector.max_failures = 2
        domain = self.detector.domain
        start = fields.Datetime.now()
        self.detector.action_enable()
        for minutes, broken in ((1, True), (2, True)):
            with freeze_time(start + timedelta(minutes=minutes)):
                self._break(self.detector, broken, domain)
                self.detector._sweep()
        self.assertEqual(self.detector.state, "failed")
        with freeze_time(start + timedelta(minutes=3)):
            self._break(self.detector, False, domain)
            self.detector.action_enable()
            self._break(self.detector, True, domain)
            self.detector._sweep()
        self.assertEqual(self.detector.state, "enabled", "one failure since it was mended")

    def _break(self, detector, broken, domain):
        """Write the condition past its check, as an upgrade that drops a field would."""
        value = "[('field_that_was_dropped', '=', 1)]" if broken else domain
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE exception_detector SET domain = %s WHERE id = %s", (value, detector.id)
        )
        detector.invalidate_recordset()
        self.env.registry.clear_cache()

    def test_a_team_of_another_company_does_not_swallow_the_case(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.user_lead.company_ids += other
        team = self._create_team(company_id=other.id, lead_id=self.user_lead.id)
        self.detector.team_id = team
        self.detector._sweep()
        self.assertFalse(self._cases().team_id)
        self.assertEqual(self._cases().company_id, self.env.company)
