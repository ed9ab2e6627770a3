"""Which line of a policy a case is promised, and why."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .sla_common import HOUR, SlaCommon, at


@tagged("post_install", "-at_install")
class TestSlaTarget(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env["exception.tier"].create({"name": "Gold", "code": "test_gold"})

    def _promise(self, hours, **conditions):
        """Add a line to the policy; its hours tell it from others."""
        seconds = {"response_seconds": 0, "resolution_seconds": int(hours * HOUR)}
        self.policy.target_ids = [Command.create({**seconds, **conditions})]

    def _promised(self, **values):
        # as the stage does it: the tier follows from the customer, which tests here do not have
        tier = values.pop("tier_id", False)
        case = self._case_at("2024-01-05 09:00", **values).sudo()
        case.with_context(tracking_disable=True).tier_id = tier
        case._make_clocks()
        return self._clock(case)

    def test_the_most_specific_line_wins_and_says_why(self):
        self._promise(3, severity="2")
        self._promise(2, severity="2", tier_id=self.gold.id)
        self._promise(1, severity="2", tier_id=self.gold.id, type_id=self.sla_type.id)
        plain = self._promised(severity="3")
        self.assertEqual((plain.allotted, plain.reason), (4 * HOUR, "Test policy: all cases"))
        high = self._promised(severity="2")
        self.assertEqual((high.allotted, high.reason), (3 * HOUR, "Test policy: severity High"))
        gold = self._promised(severity="2", tier_id=self.gold.id)
        self.assertEqual(gold.allotted, HOUR)
        self.assertEqual(
            gold.reason,
            f"Test policy: type {self.sla_type.name}, Gold customers, severity High",
        )

    def test_of_as_many_conditions_the_earlier_one_wins(self):
        ladder = [
            ("severity", "2"),
            ("company_id", self.env.company.id),
            ("team_id", self.team.id),
            ("tier_id", self.gold.id),
            ("type_id", self.sla_type.id),
        ]
        for number, (name, value) in enumerate(ladder, 1):
            self._promise(number / 2, **{name: value})
            clock = self._promised(severity="2", tier_id=self.gold.id)
            self.assertEqual(clock.allotted, number * HOUR / 2, name)

    def test_two_lines_for_the_same_cases_are_refused(self):
        self._promise(3, severity="2")
        with self.assertRaisesRegex(ValidationError, "same cases"):
            self._promise(2, severity="2")

    def test_a_line_with_conditions_is_not_enough_for_every_case(self):
        seconds = {"response_seconds": 0, "resolution_seconds": 60}
        lines = [
            Command.create({**seconds, "severity": key, "tier_id": self.gold.id}) for key in "1234"
        ]
        with self.assertRaisesRegex(ValidationError, "four severities"):
            self._create_policy(target_ids=lines)

    def test_times_are_typed_as_hours_and_kept_as_seconds(self):
        target = self.policy.target_ids
        target.response_seconds = 95
        target.resolution_hours = 1.5
        self.assertEqual((target.response_seconds, target.resolution_seconds), (95, 5400))
        self.assertAlmostEqual(target.response_hours, 95 / 3600)
        with Form(self.env["exception.sla.policy"]) as form:
            form.name = "Typed"
            with form.target_ids.new() as line:
                line.tier_id = self.gold
                line.response_hours = 0.25
                line.resolution_hours = 2
        policy = form.save()
        line = policy.target_ids.filtered("tier_id")
        self.assertEqual((line.response_seconds, line.resolution_seconds), (900, 7200))

    def test_a_change_of_the_case_plans_anew_and_says_so(self):
        self._promise(2, severity="1")
        case = self._case_at("2024-01-05 09:00", severity="3")
        before = len(case.message_ids)
        with freeze_time("2024-01-05 10:00"):
            case.severity = "1"
        self._assert_clock(case, "running", deadline=at("2024-01-05 11:00"), allotted=2 * HOUR)
        self.assertEqual(self._clock(case).reason, "Test policy: severity Critical")
        notes = case.message_ids[: len(case.message_ids) - before].mapped("body")
        moved = [note for note in notes if "Resolution" in note and "Severity" in note]
        self.assertEqual(len(moved), 1, notes)
        self.assertIn("(UTC)", moved[0])
        self.assertIn("11:00", moved[0])
        self.assertIn("2:00", moved[0])

    def test_a_resting_clock_follows_and_goes_on_by_the_new_promise(self):
        self._promise(2, severity="1")
        case = self._case_at("2024-01-05 09:00", severity="3")
        with freeze_time("2024-01-05 10:00"):
            case.wait("customer", note="asked")
            case.severity = "1"
        self._assert_clock(case, "paused", allotted=2 * HOUR)
        with freeze_time("2024-01-05 15:00"):
            case.resume()
        self._assert_clock(case, "running", deadline=at("2024-01-05 16:00"))

    def test_what_was_broken_stays_broken(self):
        self._promise(8, severity="4")
        case = self._case_at("2024-01-05 09:00", severity="3")
        with freeze_time("2024-01-05 15:00"):
            case.severity = "4"
        self._assert_clock(case, "breached", allotted=4 * HOUR, deadline=at("2024-01-05 14:00"))

    def test_hours_worked_by_another_team_are_used(self):
        self.policy.calendar_id = False
        self.team.calendar_id = self.calendar
        late = self._create_calendar("UTC", [(14, 22)])
        team = self._create_team(calendar_id=late.id)
        case = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 11:00"):
            case.with_user(self.user_lead).assign(team_id=team.id)
        # two hours were worked, two are left in the hours of the others
        self._assert_clock(
            case, "running", used=2 * HOUR, deadline=at("2024-01-05 16:00"), calendar_id=late
        )

    def test_another_type_brings_its_own_promise(self):
        other = self._create_policy(name="Other", round_the_clock=True)
        kind = self._create_type(sla_policy_id=other.id)
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:00"):
            case.type_id = kind
        self.assertEqual(case.sla_policy_id, other)
        self._assert_clock(case, "running", policy_id=other, deadline=at("2024-01-05 20:00"))

    def test_a_promise_by_triage_survives_another_type(self):
        own = self._create_policy(name="By triage", round_the_clock=True)
        case = self._case_at("2024-01-05 16:00", sla_policy_id=own.id)
        with freeze_time("2024-01-05 16:00"):
            case.type_id = self._create_type(sla_policy_id=self.policy.id)
        self.assertEqual(case.sla_policy_id, own)
        self._assert_clock(case, "running", policy_id=own)

    def test_the_warning_is_that_of_the_policy_else_of_the_settings(self):
        self.env["ir.config_parameter"].set_param("exception_core.warn_percent", "50")
        case = self._case_at("2024-01-05 13:00")
        self.assertEqual(self._clock(case).warn_at, at("2024-01-05 15:00"))
        self.policy.warn_percent = 75
        case = self._case_at("2024-01-05 13:00")
        self.assertEqual(self._clock(case).warn_at, at("2024-01-05 16:00"))
