"""Business time is arithmetic: no database is asked here."""

import json
from datetime import date, datetime
from pathlib import Path
from unittest import skipUnless

import pytz

from odoo.tests.common import BaseCase, tagged

from ..tools import business_time

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VECTORS = Path(__file__).resolve().parents[2].parent / "shared/data/sla/vectors.json"
OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}


def _stamp(text):
    return int(datetime.fromisoformat(text).timestamp())


def _clock(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _work_time(weekly_hours, tz, start, days, holidays=()):
    """Expand weekly hours into a WorkTime of so many days after start."""
    free = {date.fromisoformat(day) for day in holidays}

    def segments(day):
        if day in free:
            return []
        hours = weekly_hours.get(WEEKDAYS[day.weekday()], [])
        return [(_clock(begin), _clock(end)) for begin, end in hours]

    end = start + days * business_time.DAY
    zone = pytz.timezone(tz)
    return business_time.WorkTime(business_time.expand(segments, zone, start, end))


@tagged("-at_install", "post_install")
class TestBusinessTime(BaseCase):
    def _assert_due(self, start, seconds, expected, tz="UTC", hours=None):
        start = _stamp(start)
        got = _work_time(hours or OFFICE, tz, start, 40).due(start, seconds)
        self.assertEqual(got, _stamp(expected), f"{got and datetime.fromtimestamp(got, pytz.utc)}")

    def test_work_that_ends_at_closing_is_due_at_closing(self):
        self._assert_due("2024-01-05T16:00:00+00:00", 3600, "2024-01-05T17:00:00+00:00")
        self._assert_due("2024-01-05T11:00:00+00:00", 3600, "2024-01-05T12:00:00+00:00")

    def test_work_goes_on_after_the_break_and_the_weekend(self):
        self._assert_due("2024-01-05T11:30:00+00:00", 3600, "2024-01-05T13:30:00+00:00")
        self._assert_due("2024-01-05T16:59:59+00:00", 2, "2024-01-08T09:00:01+00:00")

    def test_work_begun_while_closed_starts_at_the_opening(self):
        self._assert_due("2024-01-06T03:00:00+00:00", 60, "2024-01-08T09:01:00+00:00")

    def test_zero_work_is_due_at_the_next_working_instant(self):
        self._assert_due("2024-01-05T16:00:00+00:00", 0, "2024-01-05T16:00:00+00:00")
        self._assert_due("2024-01-05T17:00:00+00:00", 0, "2024-01-08T09:00:00+00:00")
        self._assert_due("2024-01-05T12:30:00+00:00", 0, "2024-01-05T13:00:00+00:00")

    def test_a_shift_that_starts_in_the_spring_gap_starts_after_it(self):
        night = {"sun": [["02:30", "06:00"]]}
        self._assert_due(
            "2024-03-30T23:00:00+01:00", 60, "2024-03-31T03:01:00+02:00", "Europe/Berlin", night
        )

    def test_the_hour_that_autumn_repeats_counts_twice(self):
        night = {"sun": [["00:00", "02:30"]]}
        start = _stamp("2024-10-26T22:00:00+02:00")
        intervals = _work_time(night, "Europe/Berlin", start, 1)
        # 02:00-02:30 comes twice, an hour apart
        self.assertEqual(intervals.due(start, 3 * 3600), _stamp("2024-10-27T02:30:00+01:00"))
        self.assertIsNone(intervals.due(start, 3 * 3600 + 1))

    def test_a_day_of_25_hours_has_25(self):
        always = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
        self._assert_due(
            "2024-10-27T00:00:00+02:00",
            25 * 3600,
            "2024-10-28T00:00:00+01:00",
            "Europe/Berlin",
            always,
        )

    def test_overlaps_seams_and_empty_intervals_do_not_count_twice(self):
        intervals = [(100, 200), (50, 120), (200, 260), (300, 300)]
        self.assertEqual(business_time.normalise(intervals), [(50, 260)])
        self.assertEqual(business_time.due(intervals, 0, 210), 260)
        self.assertIsNone(business_time.due(intervals, 0, 211))

    def test_holes_are_cut_out(self):
        cut = business_time.subtract([(0, 100), (200, 300)], [(90, 210), (40, 50), (250, 260)])
        self.assertEqual(cut, [(0, 40), (50, 90), (210, 250), (260, 300)])
        self.assertEqual(business_time.subtract([(0, 10), (20, 30)], [(0, 40)]), [])

    def test_nothing_is_due_without_working_time(self):
        self.assertIsNone(business_time.due([], 0, 0))
        self.assertIsNone(business_time.due([], 0, 60))

    @skipUnless(VECTORS.exists(), "the shared vectors are not beside this checkout")
    def test_published_vectors(self):
        vectors = [v for v in json.loads(VECTORS.read_text()) if not v["pauses"]]
        self.assertGreaterEqual(len(vectors), 80)
        for vector in vectors:
            with self.subTest(vector["id"]):
                start = _stamp(vector["start"])
                days, got = 60, None
                while got is None and days < 10_000:
                    work_time = _work_time(
                        vector["weekly_hours"], vector["tz"], start, days, vector["holidays"]
                    )
                    got, days = work_time.due(start, vector["work_seconds"]), days * 5
                self.assertEqual(got, _stamp(vector["expected_deadline"]), vector["source"])
