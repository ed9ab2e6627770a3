from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseOpenBatch(ExceptionCommon):
    """What detectors call: open, re-open and clear in batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector()
        cls.Case = cls.env["exception.case"]
        cls.records = cls.env["res.partner"].create([{"name": f"R{n}"} for n in range(3)])

    def _hit(self, record, **overrides):
        values = {
            "detector_id": self.detector.id,
            "type_id": self.case_type.id,
            "res_model": "res.partner",
            "res_id": record.id,
            "company_id": self.env.company.id,
            "amount": 100.0,
            "facts": [{"key": "days", "label": "Waiting", "value": 5, "kind": "duration_days"}],
        }
        return {**values, **overrides}

    def test_everything_follows_from_the_type(self):
        with freeze_time("2026-03-02 10:00:00"):
            cases = self.Case._open_batch([self._hit(record) for record in self.records])
        self.assertEqual(cases.mapped("res_id"), self.records.ids)
        case, kind = cases[0], self.case_type
        self.assertEqual(case.category_id, kind.category_id)
        self.assertEqual(case.severity, kind.default_severity)
        self.assertEqual(case.disposition, kind.disposition)
        self.assertEqual((case.team_id, case.sla_policy_id), (kind.team_id, kind.sla_policy_id))
        self.assertEqual((case.state, case.is_open, case.condition_active), ("new", True, True))
        self.assertEqual((case.res_name, case.fingerprint), ("R0", ""))
        self.assertEqual(case.detected_at, datetime(2026, 3, 2, 10))
        self.assertLess(case.response_due, case.date_due)
        self.assertEqual(case.currency_id, self.env.company.currency_id)
        self.assertEqual(case.title, f"{kind.name} · Waiting 5.0 days")
        self.assertEqual(len(set(cases.mapped("name"))), 3)
        self.assertTrue(case.name.startswith("EX/"))
        self.assertFalse(case.message_ids)
        self.assertFalse(case.message_follower_ids)

    def test_the_values_of_the_hit_win(self):
        team = self._create_team()
        channel = self.env["exception.channel"].search([], limit=1)
        hit = self._hit(
            self.records[0],
            team_id=team.id,
            title="Said by the detector",
            fingerprint="line 2",
            dims={"channel_id": channel.id},
            partner_id=self.partner.id,
        )
        case = self.Case._open_batch([hit])
        self.assertEqual((case.team_id, case.title), (team, "Said by the detector"))
        self.assertEqual((case.channel_id, case.partner_id), (channel, self.partner))
        self.assertEqual(case.fingerprint, "line 2")

    def test_unknown_keys_are_refused(self):
        for key in ("state", "outcome", "is_leading", "nonsense"):
            with self.subTest(key=key), self.assertRaisesRegex(ValueError, key):
                self.Case._open_batch([self._hit(self.records[0], **{key: "1"})])

    def test_exposure_in_company_currency(self):
        currency = self.env["res.currency"].with_context(active_test=False)
        foreign = currency.search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        foreign.active = True
        foreign.rate_ids.unlink()
        rate = {"rate": 4.0, "name": "2020-01-01", "company_id": self.env.company.id}
        foreign.write({"rate_ids": [(0, 0, rate)]})
        case = self.Case._open_batch([self._hit(self.records[0], currency_id=foreign.id)])
        self.assertEqual((case.amount, case.company_amount), (100.0, 25.0))
        case.amount = 200.0
        self.assertEqual(case.company_amount, 50.0)

    def test_few_statements_a_batch(self):
        self.Case._open_batch([self._hit(self.records[0])])
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(200)])
        hits = [self._hit(partner) for partner in partners]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.Case._open_batch(hits)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 60)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_open_case_of_a_hit(self):
        self.Case._open_batch([self._hit(self.records[0])])
        hit = self._hit(self.records[0], condition_active=True)
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.Case.create(hit)
            self.env.flush_all()

    def test_a_case_reopened_by_hand_takes_the_hit_that_comes_back(self):
        case = self.Case._open_batch([self._hit(self.records[0])])
        case._clear()
        case.with_user(self.user_agent).reopen()
        self.assertFalse(case.condition_active)
        again = self.Case._open_batch([self._hit(self.records[0], amount=7.0)])
        self.assertEqual(again, case)
        self.assertEqual((case.amount, case.condition_active, case.reopen_count), (7.0, True, 1))

    def test_clear(self):
        cases = self.Case._open_batch([self._hit(record) for record in self.records])
        cases[1].state = "approval"
        cases[2].with_user(self.user_agent).cancel_case(note="no")
        cases._clear()
        self.assertFalse(any(cases.mapped("condition_active")))
        self.assertEqual((cases[0].state, cases[0].outcome), ("resolved", "cleared"))
        self.assertEqual(cases[1].state, "approval")
        self.assertIn("approval is under way", cases[1].message_ids[0].body)
        self.assertEqual(cases[2].outcome, "cancelled")

    def test_reopen_batch(self):
        case = self.Case._open_batch([self._hit(self.records[0])])
        case.with_user(self.user_agent).assign_to_me()
        case._clear()
        later = fields.Datetime.now() + timedelta(hours=1)
        self.Case._reopen_batch([(case, self._hit(self.records[0], amount=250.0))], later)
        self.assertEqual((case.state, case.outcome, case.resolved_at), ("open", False, False))
        self.assertEqual((case.reopen_count, case.condition_active), (1, True))
        self.assertEqual((case.amount, case.company_amount), (250.0, 250.0))
        self.assertTrue(case.is_leading)
        self.assertGreater(case.date_due, later)
        self.assertIn("condition came back", case.message_ids[0].body)

    def test_closing_by_hand_keeps_the_condition(self):
        case = self.Case._open_batch([self._hit(self.records[0])])
        case.with_user(self.user_agent).cancel_case(note="We know")
        self.assertTrue(case.condition_active)

    def test_a_partner_of_another_company_does_not_stop_the_sweep(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.partner.company_id = company
        hit = self._hit(self.records[0], partner_id=self.partner.id)
        self.assertEqual(self.Case._open_batch([hit]).partner_id, self.partner)

    def test_references_without_gaps_in_meaning(self):
        sequence = self.env.ref("exception_core.sequence_exception_case")
        sequence.write({"prefix": "X-%(y)s-", "padding": 3, "implementation": "no_gap"})
        sequence.number_next_actual = 7
        cases = self.Case._open_batch([self._hit(record) for record in self.records[:2]])
        self.assertEqual([name[-3:] for name in cases.mapped("name")], ["007", "008"])
