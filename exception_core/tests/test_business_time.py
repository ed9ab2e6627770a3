"""Business time is arithmetic: no database is asked here."""

from datetime import date, datetime, timedelta

import pytz

from odoo.tests.common import BaseCase, tagged

from ..tools import business_time
from .sla_vectors import OFFICE, WEEKDAYS, load, seconds_of_day, stamp


def _intervals(weekly_hours, tz, start, days, holidays=()):
    """Expand weekly hours into the worked intervals of so many days after start."""
    free = {date.fromisoformat(day) for day in holidays}

    def segments(day):
        if day in free:
            return []
        hours = weekly_hours.get(WEEKDAYS[day.weekday()], [])
        return [(seconds_of_day(begin), seconds_of_day(end)) for begin, end in hours]

    end = start + days * business_time.DAY
    return business_time.expand(segments, pytz.timezone(tz), start, end)


def _work_time(*hours):
    return business_time.WorkTime(_intervals(*hours))


@tagged("-at_install", "post_install")
class TestBusinessTime(BaseCase):
    def _assert_due(self, start, seconds, expected, tz="UTC", hours=None):
        start = stamp(start)
        got = _work_time(hours or OFFICE, tz, start, 40).due(start, seconds)
        self.assertEqual(got, stamp(expected), f"{got and datetime.fromtimestamp(got, pytz.utc)}")

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
        start = stamp("2024-10-26T22:00:00+02:00")
        intervals = _work_time(night, "Europe/Berlin", start, 1)
        # 02:00-02:30 comes twice, an hour apart
        self.assertEqual(intervals.due(start, 3 * 3600), stamp("2024-10-27T02:30:00+01:00"))
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

    def test_every_vector(self):
        vectors, origin = load()
        for vector in vectors:
            with self.subTest(vector["id"], source=vector["source"], origin=origin):
                start, days, got = stamp(vector["start"]), 60, None
                holes = [(stamp(p["from"]), stamp(p["to"])) for p in vector["pauses"] or []]
                while got is None and days < 10_000:
                    hours = vector["weekly_hours"], vector["tz"], start, days, vector["holidays"]
                    worked = business_time.subtract(_intervals(*hours), holes)
                    got = business_time.due(worked, start, vector["work_seconds"])
                    days *= 5
                self.assertEqual(got, stamp(vector["expected_deadline"]))

    def test_hours_are_laid_out_once_for_questions_in_any_order(self):
        layouts = []

        def lay_out(first, last):
            layouts.append((first, last))
            return _intervals(OFFICE, "UTC", first, (last - first) // business_time.DAY + 1)

        hours = business_time.WorkingHours(lay_out)
        monday = datetime(2024, 1, 8, 16)
        items = [(monday + timedelta(minutes=index % 7), 60 * index) for index in range(100)]
        hours.prepare(items)
        due = [hours.due_at(*item) for item in items]
        self.assertEqual(due[60], datetime(2024, 1, 9, 9, 4))  # begun at 16:04
        self.assertEqual(len(layouts), 1)
        self.assertEqual(hours.due_at(datetime(2023, 11, 6, 16), 7200), datetime(2023, 11, 7, 10))
        self.assertEqual(len(layouts), 2)

    def test_worked_seconds(self):
        hours = business_time.WorkingHours(lambda first, last: _intervals(OFFICE, "UTC", first, 9))
        friday = datetime(2024, 1, 5, 16)
        for end, worked in [
            (friday, 0),
            (friday - timedelta(hours=1), 0),
            (friday + timedelta(minutes=30), 1800),
            (friday + timedelta(days=2), 3600),
            (datetime(2024, 1, 8, 9, 0, 1), 3601),
        ]:
            self.assertEqual(hours.seconds_between(friday, end), worked, end)

    def test_hours_that_never_come_count_all(self):
        complaints = []
        hours = business_time.WorkingHours(lambda _f, _l: [], lambda: complaints.append(1))
        friday = datetime(2024, 1, 5, 16)
        self.assertEqual(hours.due_at(friday, 60), friday + timedelta(seconds=60))
        self.assertTrue(complaints)
