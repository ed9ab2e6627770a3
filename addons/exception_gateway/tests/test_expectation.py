from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_health import NOON, HealthCommon


class ExpectationCommon(HealthCommon):
    """Customers who are due on a date, and an event that has to come about each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.env["exception.event.contract"].create(
            {"name": "Carrier, parcel", "code": "test_parcel"}
        )
        cls.due = cls.env["res.partner"].create(
            [
                {"name": f"Expectant {number}", "ref": "expected", "date": NOON.date()}
                for number in range(3)
            ]
        )
        cls.expectation = cls._create_expectation()

    @classmethod
    def _create_expectation(cls, **overrides):
        return cls.env["exception.event.expectation"].create(
            {
                "name": "Parcel reported within two days",
                "model_id": cls.env["ir.model"]._get("res.partner").id,
                "domain": "[('ref', '=', 'expected')]",
                "date_field": "date",
                "team_id": cls.team.id,
                "contract_ids": [(6, 0, cls.contract.ids)],
                "since": NOON - timedelta(days=30),
                **overrides,
            }
        )

    def _sweep(self, moment, expectation=None):
        detector = (expectation or self.expectation).detector_id
        run = detector._sweep(now=moment)
        self.assertEqual(run.state, "done", run.error)
        return detector.case_ids

    def _report(self, record, moment, **values):
        """Let an event about a record come, and be understood."""
        return self._receive(
            [moment],
            **{
                "contract_id": self.contract.id,
                "res_model": record._name,
                "res_id": record.id,
                **values,
            },
        )


@tagged("post_install", "-at_install")
class TestExpectation(ExpectationCommon):
    """What never came is a case; what comes late clears it."""

    def test_case_opens_after_the_time_and_clears_when_the_event_comes(self):
        self._report(self.due[0], NOON)
        midnight = NOON.replace(hour=0)
        self.assertFalse(self._sweep(midnight + timedelta(hours=47)))
        cases = self._sweep(midnight + timedelta(hours=48))
        self.assertEqual(set(cases.mapped("res_id")), set(self.due[1:].ids))
        self.assertEqual(cases.type_id.code, "event_missing")
        fact = [one for one in cases[0].facts if one["key"] == "expected_by"]
        self.assertEqual(fact[0]["label"], "Event expected by")
        self._report(self.due[1], midnight + timedelta(hours=50))
        self._sweep(midnight + timedelta(hours=51))
        late = cases.filtered(lambda case: case.res_id == self.due[1].id)
        self.assertEqual((late.is_open, late.outcome), (False, "cleared"))
        self.assertTrue((cases - late).is_open)

    def test_other_events_do_not_count(self):
        other = self.env["exception.event.contract"].create({"name": "X", "code": "test_other"})
        self._report(self.due[0], NOON, contract_id=other.id)
        self._report(self.due[1], NOON, state="dead")
        self._report(self.due[2], NOON, res_model="res.users")
        self.assertEqual(len(self._sweep(NOON + timedelta(days=3))), 3)

    def test_every_version_of_the_contract_counts(self):
        newer = self.env["exception.event.contract"].create(
            {"name": "Carrier, parcel", "code": "test_parcel", "number": 2}
        )
        self._report(self.due[0], NOON, contract_id=newer.id)
        self.assertEqual(len(self._sweep(NOON + timedelta(days=3))), 2)

    def test_only_some_kinds(self):
        self.expectation.kinds = "delivered, returned"
        self._report(self.due[0], NOON, name="returned")
        self._report(self.due[1], NOON, name="created")
        self.assertEqual(len(self._sweep(NOON + timedelta(days=3))), 2)

    def test_event_is_about_another_record(self):
        for path, made in (
            ("child_ids", {"child_ids": [(0, 0, {"name": "Parcel"})]}),
            ("category_id", {"category_id": [(0, 0, {"name": "Parcel"})]}),
            ("parent_id", {"parent_id": self.partner.id}),
        ):
            expectation = self._create_expectation(path=path)
            self.due[0].write(made)
            self._report(self.due[0][path][:1], NOON)
            cases = self._sweep(NOON + timedelta(days=3), expectation)
            self.assertEqual(set(cases.mapped("res_id")), set(self.due[1:].ids), path)

    def test_only_after_the_date(self):
        self.expectation.after_start = True
        self._report(self.due[0], NOON - timedelta(days=1))
        self._report(self.due[1], NOON)
        self.assertEqual(len(self._sweep(NOON + timedelta(days=3))), 2)

    def test_old_records_open_nothing_but_keep_their_case(self):
        self.expectation.look_back_days = 10
        self.assertFalse(self._sweep(NOON + timedelta(days=11)))
        cases = self._sweep(NOON + timedelta(days=9))
        self.assertEqual(len(cases), 3)
        self._sweep(NOON + timedelta(days=30))
        self.assertTrue(all(cases.mapped("is_open")))
        self.expectation.since = NOON + timedelta(days=1)
        other = self._create_expectation(since=NOON + timedelta(days=1))
        self.assertFalse(self._sweep(NOON + timedelta(days=9), other))

    def test_nobody_looks_back_further_than_events_are_kept(self):
        self.contract.endpoint_ids = self.endpoint
        self.endpoint.keep_days = 30
        with self.assertRaisesRegex(ValidationError, "keeps its events for 30 days"):
            self.expectation.look_back_days = 31
        self.expectation.look_back_days = 30

    def test_finding_is_one_statement_whatever_the_number(self):
        detector = self.expectation.detector_id
        detector._key_rows(NOON)
        with self.assertQueryCount(1):
            rows = detector._key_rows(NOON + timedelta(days=3))
        self.assertEqual(len(rows), 3)

    def test_admin_sets_one_up_and_enables_it(self):
        expectation = self._create_expectation().with_user(self.user_admin)
        expectation.write({"delay": 3, "delay_unit": "days", "change_reason": "Carrier is slow"})
        expectation.action_enable()
        self.assertEqual(expectation.state, "enabled")
        self.env.flush_all()
        self.env.cr.precommit.run()
        detector = expectation.detector_id
        self.assertEqual(detector.version_count, 1)
        self.assertFalse(self._sweep(NOON + timedelta(hours=50), expectation))

    def test_what_cannot_work_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "by which contract"):
            self._create_expectation(contract_ids=False)
        with self.assertRaisesRegex(ValidationError, "from which date"):
            self._create_expectation(date_field=False)
        with self.assertRaisesRegex(ValidationError, "does not lead to records"):
            self._create_expectation(path="name")
        with self.assertRaisesRegex(ValidationError, "has no field"):
            self._create_expectation(path="nothing_here")
        with self.assertRaisesRegex(ValidationError, "on a schedule"):
            self.expectation.cadence = "realtime"
        with self.assertRaisesRegex(UserError, "stays one"):
            self.expectation.source = "domain"

    def test_detector_without_expectation_is_not_enabled(self):
        bare = self._create_detector(source="expected", date_field="date")
        self.assertFalse(bare._key_rows(NOON))
        with self.assertRaisesRegex(ValidationError, "Expected events"):
            bare.action_enable()

    def test_deleting_keeps_what_has_cases(self):
        unused = self._create_expectation()
        detector = unused.detector_id
        unused.unlink()
        self.assertFalse(detector.exists())
        self._sweep(NOON + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.expectation.unlink()
