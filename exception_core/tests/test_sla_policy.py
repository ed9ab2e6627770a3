"""Deadlines in the hours of a calendar."""

from datetime import datetime, timedelta

import pytz

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import business_time
from .common import ExceptionCommon

FRIDAY = datetime(2024, 1, 5)


@tagged("post_install", "-at_install")
class TestSlaPolicy(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar("UTC", [(9, 12), (13, 17)])
        cls.policy = cls._create_policy(calendar_id=cls.calendar.id)

    @classmethod
    def _create_calendar(cls, tz, shifts, days=(0, 1, 2, 3, 4), **overrides):
        lines = [
            (0, 0, {"name": "Shift", "dayofweek": str(day), "hour_from": start, "hour_to": end})
            for day in days
            for start, end in shifts
        ]
        values = {"name": "Test hours", "tz": tz, "attendance_ids": [(5, 0, 0), *lines]}
        return cls.env["resource.calendar"].create({**values, **overrides})

    @classmethod
    def _create_policy(cls, **overrides):
        """Create a policy: an hour to answer and four to resolve, whatever the severity."""
        targets = [(0, 0, {"response_seconds": 3600, "resolution_seconds": 4 * 3600})]
        values = {"name": "Test policy", "target_ids": targets}
        return cls.env["exception.sla.policy"].create({**values, **overrides})

    def _due(self, start, severity="2", policy=None, team=None):
        """Return when a case opened at ``start`` is to be answered and resolved."""
        case = self._create_case(
            sla_policy_id=(policy or self.policy).id,
            team_id=(team or self.team).id,
            severity=severity,
            detected_at=start,
        )
        return case.response_due, case.date_due

    def test_only_working_hours_count(self):
        self.assertEqual(
            self._due(FRIDAY.replace(hour=16)),
            (FRIDAY.replace(hour=17), datetime(2024, 1, 8, 12)),
        )

    def test_days_off_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2024, 1, 8),
                "date_to": datetime(2024, 1, 8, 23, 59, 59),
            }
        )
        self.assertEqual(self._due(FRIDAY.replace(hour=16))[1], datetime(2024, 1, 9, 12))

    def test_a_day_off_leaves_no_second_before_midnight(self):
        calendar = self._create_calendar("UTC", [(0, 24)], range(7))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": datetime(2024, 1, 5),
                "date_to": datetime(2024, 1, 5, 23, 59, 59),
            }
        )
        policy = self._create_policy(calendar_id=calendar.id)
        self.assertEqual(
            self._due(FRIDAY.replace(hour=8), policy=policy)[0], datetime(2024, 1, 6, 1)
        )

    def test_the_day_off_of_one_person_counts(self):
        resource = self.env["resource.resource"].create(
            {"name": "One", "calendar_id": self.calendar.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Her holiday",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": datetime(2024, 1, 8),
                "date_to": datetime(2024, 1, 8, 23, 59, 59),
            }
        )
        self.assertEqual(self._due(FRIDAY.replace(hour=16))[1], datetime(2024, 1, 8, 12))

    def test_hours_are_those_of_the_zone(self):
        self.calendar.tz = "America/New_York"
        self.assertEqual(self._due(FRIDAY.replace(hour=12))[0], FRIDAY.replace(hour=15))

    def test_policy_before_team_before_company(self):
        night = self._create_calendar("UTC", [(20, 22)])
        self.team.calendar_id = night
        start = FRIDAY.replace(hour=10)
        self.assertEqual(self._due(start)[0], FRIDAY.replace(hour=11))
        self.policy.calendar_id = False
        self.assertEqual(self._due(start)[0], FRIDAY.replace(hour=21))
        self.team.calendar_id = False
        self.env.company.resource_calendar_id = self._create_calendar("UTC", [(6, 8)])
        self.assertEqual(self._due(start)[0], datetime(2024, 1, 8, 7))

    def test_every_hour_counts_around_the_clock(self):
        self.policy.round_the_clock = True
        start = datetime(2024, 1, 6, 3, 0, 1)
        self.assertEqual(self._due(start), (start + timedelta(hours=1), start + timedelta(hours=4)))

    def test_two_weeks_in_turn(self):
        self.calendar.two_weeks_calendar = True
        self.calendar.attendance_ids = [(5, 0, 0)]
        week_type = self.env["resource.calendar.attendance"].get_week_type(FRIDAY)
        line = {"name": "Odd", "dayofweek": "4", "hour_from": 9, "hour_to": 11}
        self.calendar.attendance_ids = [(0, 0, {**line, "week_type": str(week_type)})]
        self.assertEqual(
            self._due(FRIDAY.replace(hour=8)),
            (FRIDAY.replace(hour=10), datetime(2024, 1, 19, 11)),
        )

    def test_the_intervals_are_those_of_odoo(self):
        self.calendar.tz = "Europe/Brussels"
        start = pytz.utc.localize(datetime(2024, 3, 1))
        end = start + timedelta(days=60)
        expected = business_time.normalise(
            (int(begin.timestamp()), int(stop.timestamp()))
            for begin, stop, _line in self.calendar._work_intervals_batch(start, end)[False]
        )
        stamps = int(start.timestamp()), int(end.timestamp())
        self.assertEqual(self.calendar._exception_work_intervals(*stamps), expected)

    def test_hours_that_never_come_do_not_hide_a_promise(self):
        self.calendar.attendance_ids = [(5, 0, 0)]
        start = FRIDAY.replace(hour=16)
        with mute_logger("odoo.addons.exception_core.models.resource_calendar"):
            self.assertEqual(self._due(start)[0], start + timedelta(hours=1))

    def test_a_batch_asks_the_calendar_once(self):
        items = [(FRIDAY + timedelta(minutes=index), 60 * index) for index in range(500)]
        self.calendar._exception_due(items[:1])
        self.env.flush_all()
        with self.assertQueryCount(1):  # the days off; the hours are in cache
            due = self.calendar._exception_due(items)
        self.assertEqual(len(due), 500)
        self.assertEqual(due[7], self.calendar._exception_due(items[7:8])[0])

    def test_a_case_gets_the_deadlines_of_its_severity(self):
        self.policy.target_ids = [
            (0, 0, {"severity": "1", "response_seconds": 1800, "resolution_seconds": 7200})
        ]
        kind = self._create_type(sla_policy_id=self.policy.id)
        start = FRIDAY.replace(hour=9)
        urgent = self._create_case(type_id=kind.id, severity="1", detected_at=start)
        normal = self._create_case(type_id=kind.id, severity="3", detected_at=start)
        self.assertEqual(urgent.response_due, FRIDAY.replace(hour=9, minute=30))
        self.assertEqual(urgent.date_due, FRIDAY.replace(hour=11))
        self.assertEqual(normal.date_due, FRIDAY.replace(hour=14))

    def test_a_policy_promises_for_every_severity(self):
        with self.assertRaisesRegex(ValidationError, "each of the four"):
            self.policy.target_ids[0].unlink()
            self.policy._check_targets()
        policy = self.env["exception.sla.policy"].create({"name": "From scratch"})
        self.assertEqual(policy.target_ids.mapped("severity"), ["1", "2", "3", "4"])
