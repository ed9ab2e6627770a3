import pytz

from odoo import models

from ..tools import business_time


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _exception_work_intervals(self, start, end):
        """Return the worked intervals between two time stamps, leaves taken out.

        Not ``_work_intervals_batch``: that one ends a day a microsecond before midnight and lets
        a shift that starts in the gap of a spring night start an hour late.
        """
        self.ensure_one()
        zone = pytz.timezone(self.tz or "UTC")
        worked = business_time.expand(self._exception_segments(), zone, start, end)
        return business_time.subtract(worked, self._exception_leaves(start, end))

    def _exception_segments(self):
        """Return a function that gives the (from, to) seconds worked on a local date."""
        by_weekday = [[] for _day in range(7)]
        for line in self.attendance_ids:
            if line.resource_id or line.display_type or line.day_period == "lunch":
                continue
            week = int(line.week_type) if self.two_weeks_calendar and line.week_type else None
            pair = tuple(round(hour * 60) * 60 for hour in (line.hour_from, line.hour_to))
            by_weekday[int(line.dayofweek)].append((pair, week, line.date_from, line.date_to))
        week_type = self.env["resource.calendar.attendance"].get_week_type

        def segments(day):
            return [
                pair
                for pair, week, date_from, date_to in by_weekday[day.weekday()]
                if (week is None or week == week_type(day))
                and not (date_from and day < date_from)
                and not (date_to and date_to < day)
            ]

        return segments

    def _exception_leaves(self, start, end):
        """Return the (from, to) time stamps of the days off that everybody has."""
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "=", False),
                ("calendar_id", "in", [False, self.id]),
                ("company_id", "in", [False, *self.company_id.ids]),
                ("date_from", "<=", business_time.to_datetime(end)),
                ("date_to", ">=", business_time.to_datetime(start)),
            ]
        )
        return [
            (
                business_time.to_stamp(leave.date_from),
                _round_up(business_time.to_stamp(leave.date_to)),
            )
            for leave in leaves
        ]


def _round_up(stamp):
    """Close the second that Odoo's own screens leave open: a day off ends at 23:59:59."""
    return stamp + 1 if stamp % 60 == 59 else stamp
