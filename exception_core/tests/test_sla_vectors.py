"""Every vector once more through policy, calendar, days off, case, wait and resume."""

import os
import time
from datetime import datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import business_time
from .common import ExceptionCommon
from .sla_vectors import WEEKDAYS, load, seconds_of_day, stamp


@tagged("post_install", "-at_install")
class TestSlaVectors(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vectors, cls.origin = load()
        # so that the clock of the first response rests and goes on as well
        cls.env["ir.config_parameter"].set_param("exception_core.first_response", "message")

    def setUp(self):
        super().setUp()
        self.calendars = {}

    def _calendar(self, vector):
        """Return a calendar with the hours and days off of a vector."""
        key = str((vector["tz"], vector["weekly_hours"], vector["holidays"]))
        if key not in self.calendars:
            lines = [
                Command.create(
                    {
                        "name": day,
                        "dayofweek": str(WEEKDAYS.index(day)),
                        "hour_from": seconds_of_day(begin) / 3600,
                        "hour_to": seconds_of_day(end) / 3600,
                    }
                )
                for day, shifts in vector["weekly_hours"].items()
                for begin, end in shifts
            ]
            calendar = self.env["resource.calendar"].create(
                {
                    "name": vector["id"],
                    "tz": vector["tz"],
                    "attendance_ids": [Command.clear(), *lines],
                }
            )
            self._add_days_off(calendar, vector["holidays"])
            self.calendars[key] = calendar
        return self.calendars[key]

    def _add_days_off(self, calendar, days):
        """Add days off as Odoo's screens do: from midnight to the last second of the day."""
        zone = pytz.timezone(calendar.tz)
        for day in days:
            midnight = datetime.fromisoformat(day)
            ends = [midnight, midnight + timedelta(hours=23, minutes=59, seconds=59)]
            begin, end = (
                zone.localize(wall).astimezone(pytz.utc).replace(tzinfo=None) for wall in ends
            )
            self.env["resource.calendar.leaves"].create(
                {"name": day, "calendar_id": calendar.id, "date_from": begin, "date_to": end}
            )

    def _stored(self, vector):
        """Play a vector on a case; return the deadlines that the database has of it."""
        seconds, start = vector["work_seconds"], stamp(vector["start"])
        target = {"response_seconds": seconds, "resolution_seconds": seconds}
        policy = self.env["exception.sla.policy"].create(
            {
                "name": vector["id"],
                "calendar_id": self._calendar(vector).id,
                "target_ids": [Command.create(target)],
            }
        )
        with freeze_time(business_time.to_datetime(start)):
            case = self._create_case(sla_policy_id=policy.id).with_user(self.user_agent)
        # a case waits or it does not: pauses that overlap are one, and none is before the case
        pauses = [
            (max(stamp(pause["from"]), start), stamp(pause["to"]))
            for pause in vector["pauses"] or []
        ]
        for begin, end in business_time.normalise(pauses):
            with freeze_time(business_time.to_datetime(begin)):
                case.wait("customer", note="asked")
            with freeze_time(business_time.to_datetime(end)):
                case.resume()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT c.response_due, c.date_due, min(clock.deadline), max(clock.deadline)
                     FROM exception_case AS c JOIN exception_sla_clock AS clock ON case_id = c.id
                    WHERE c.id = %s GROUP BY c.id""",
                case.id,
            )
        )
        return self.env.cr.fetchone()

    def _assert_all(self, vectors):
        for vector in vectors:
            with self.subTest(vector["id"], source=vector["source"], origin=self.origin):
                expected = business_time.to_datetime(stamp(vector["expected_deadline"]))
                self.assertEqual(self._stored(vector), (expected,) * 4)

    def test_every_vector_ends_as_a_stored_deadline(self):
        self._assert_all(self.vectors)

    def test_the_zone_of_the_server_does_not_matter(self):
        before = os.environ.get("TZ")

        def put_back():
            os.environ.pop("TZ")
            if before is not None:
                os.environ["TZ"] = before
            time.tzset()

        self.addCleanup(put_back)
        chosen = [v for v in self.vectors if v["tz"] != "UTC" or v["pauses"]][:20]
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            os.environ["TZ"] = zone
            time.tzset()
            self._assert_all(chosen)
