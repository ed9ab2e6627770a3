import logging

import pytz

from odoo import api, models

from ..tools import business_time

_logger = logging.getLogger(__name__)
# What of a calendar's own fields moves its hours.
HOURS_FIELDS = {"tz", "two_weeks_calendar", "attendance_ids", "global_leave_ids", "company_id"}


class ResourceCalendar(models.Model):
    """The working hours in which promises are counted, leaves and time zone included."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """Write calendars; promises in their hours are planned anew, later."""
        result = super().write(vals)
        if HOURS_FIELDS & vals.keys():
            self.env["exception.sla.change"]._record("calendar", self.ids)
        return result

    @api.ondelete(at_uninstall=False)
    def _exception_note_deletion(self):
        """Plan anew, in the hours that come next, what was promised in hours that vanish."""
        changes = self.env["exception.sla.change"]
        here = [("calendar_id", "in", self.ids)]
        # sudo: who may delete hours need not know which promises were made in them
        for kind, model in (("policy", "exception.sla.policy"), ("team", "exception.team")):
            users = self.env[model].sudo().with_context(active_test=False).search(here)
            changes._record(kind, users.ids)
        desks = self.env["res.company"].sudo().search([("exception_calendar_id", "in", self.ids)])
        changes._record("company", desks.ids)

    def _exception_hours(self):
        """Return the hours of this calendar for a batch of questions; empty: every hour."""
        if not self:
            return business_time.EveryHour()
        self.ensure_one()

        def complain():
            _logger.warning("%s has too few working hours: every hour counts", self)

        return business_time.WorkingHours(self._exception_work_intervals, complain)

    def _exception_due(self, items):
        """Return when work is done in the hours of this calendar; empty: every hour counts.

        :param items: list of (start, seconds); starts are naive UTC
        :return: naive UTC datetimes, in order; the hours are laid out once for all of them
        """
        hours = self._exception_hours()
        hours.prepare(items)
        return [hours.due_at(start, seconds) for start, seconds in items]

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
