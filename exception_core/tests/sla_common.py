"""Policies, calendars and moments for tests of clocks."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command

from .common import ExceptionCommon

HOUR = 3600


def at(text):
    """Return the naive UTC datetime of "2024-01-05 16:00"."""
    return datetime.fromisoformat(text)


class SlaCommon(ExceptionCommon):
    """Office hours in UTC, and a policy that promises an hour to answer and four to resolve.

    Friday 2024-01-05 is a working day; 2024-01-08 is the Monday after it.
    """

    @classmethod
    def setUpClass(cls):
        """Make the calendar, the policy and a type that nobody's triage touches."""
        super().setUpClass()
        cls.calendar = cls._create_calendar("UTC", [(9, 12), (13, 17)])
        cls.policy = cls._create_policy(calendar_id=cls.calendar.id)
        cls.sla_type = cls._create_type(sla_policy_id=cls.policy.id, requires_resolution=False)

    @classmethod
    def _create_calendar(cls, tz, shifts, days=(0, 1, 2, 3, 4), **overrides):
        """Create working hours: the same shifts (from, to) on each of the days."""
        lines = [
            Command.create(
                {"name": "Shift", "dayofweek": str(day), "hour_from": start, "hour_to": end}
            )
            for day in days
            for start, end in shifts
        ]
        values = {"name": "Test hours", "tz": tz, "attendance_ids": [Command.clear(), *lines]}
        return cls.env["resource.calendar"].create({**values, **overrides})

    @classmethod
    def _create_policy(cls, **overrides):
        """Create a policy: an hour to answer and four to resolve, whatever the case."""
        target = {"response_seconds": HOUR, "resolution_seconds": 4 * HOUR}
        values = {"name": "Test policy", "target_ids": [Command.create(target)]}
        return cls.env["exception.sla.policy"].create({**values, **overrides})

    @classmethod
    def _case_at(cls, text, **overrides):
        """Open a case at a moment; the agent works it."""
        with freeze_time(text):
            case = cls._create_case(type_id=cls.sla_type.id, **overrides)
            cls.env.flush_all()
        return case.with_user(cls.user_agent)

    def _clock(self, case, kind="resolution"):
        return case.sudo().clock_ids.filtered(lambda clock: clock.kind == kind)

    def _assert_clock(self, case, state, kind="resolution", **values):
        """Assert state and values of a clock, and that the case mirrors its deadline."""
        case.invalidate_recordset()
        clock = self._clock(case, kind)
        self.assertEqual(clock.state, state)
        for name, value in values.items():
            self.assertEqual(clock[name], value, name)
        mirror = case.date_due if kind == "resolution" else case.response_due
        self.assertEqual(mirror, clock.deadline)
