"""Promise: planning clocks is ≥ 50 × faster than one ``plan_hours`` a case, at 10,000 cases.

The arithmetic is measured beside Odoo's own, on the calendar with a year of public holidays; both
must say the same to the second for what both can say. Making the clocks all in (targets matched,
rows stored, deadlines shown on the cases) is measured for information.
"""

from datetime import timedelta

import pytz

from odoo import Command
from odoo.tools import SQL

from .measure import interleaved, median, milliseconds
from .result import Result

TIMES_FASTER = 50
# plan_hours is so slow that a sample of it tells enough; its cost a case is the same for each.
SAMPLE = 500
SECONDS = 8 * 3600
LIMIT = 0.3


def run(desk, sizes):
    """Plan the deadlines of so many cases both ways, then make all their clocks."""
    count = sizes.opened
    with desk.env() as env:
        calendar = _calendar(env)
        first = env.cr.now().replace(microsecond=0)
        items = [(first + timedelta(seconds=97 * index), SECONDS) for index in range(count)]
        sample = items[:: max(count // SAMPLE, 1)]
        env.flush_all()
        times = interleaved(
            {
                "batch": lambda: calendar._exception_due(items),
                "one by one": lambda: [_plan_hours(calendar, *item) for item in sample],
            },
            min(sizes.repetitions, 3),
        )
        _compare(calendar, sample)
        made, clocks = _make(env, count)
        env.cr.rollback()
    each, bound = median(times["batch"]) / count, median(times["one by one"]) / len(sample)
    return [
        Result(
            name=f"Planning {count:,} clocks",
            measured=each,
            bound=bound,
            unit="ms a clock",
            promise=f"≥ {TIMES_FASTER} × faster than plan_hours",
            kept=each * TIMES_FASTER <= bound if count >= 10_000 else None,
            note=f"the bound is one resource.calendar.plan_hours each, {bound / each:,.0f} × more",
        ),
        Result(
            name=f"Making both clocks of {count:,} cases",
            measured=made / count,
            bound=bound,
            unit="ms a case",
            promise=f"≤ {LIMIT} ms a case",
            kept=made / count <= LIMIT if count >= 10_000 else None,
            note=f"all in, {clocks:,} clocks: matched, planned, stored, shown on the cases",
        ),
    ]


def _calendar(env):
    """Create office hours in a zone with summer time, and a day off each month."""
    days = [(str(day), shift) for day in range(5) for shift in ((8, 12), (13, 17))]
    calendar = env["resource.calendar"].create(
        {
            "name": "Bench",
            "tz": "Europe/Brussels",
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {"name": day, "dayofweek": day, "hour_from": shift[0], "hour_to": shift[1]}
                    )
                    for day, shift in days
                ),
            ],
        }
    )
    now = env.cr.now().replace(hour=0, minute=0, second=0, microsecond=0)
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": now + timedelta(days=30 * month),
                "date_to": now + timedelta(days=30 * month, hours=23, minutes=59, seconds=59),
            }
            for month in range(12)
        ]
    )
    return calendar


def _plan_hours(calendar, start, seconds):
    return calendar.plan_hours(seconds / 3600, pytz.utc.localize(start), compute_leaves=True)


def _compare(calendar, items):
    """Both ways must agree, else their times say nothing about each other."""
    for item, due in zip(items, calendar._exception_due(items), strict=True):
        theirs = _plan_hours(calendar, *item).astimezone(pytz.utc).replace(tzinfo=None)
        if abs((theirs - due).total_seconds()) > 1:
            raise SystemExit(f"{item} is due at {due}, and at {theirs} for plan_hours")


def _start(cases):
    cases._start_clocks()
    # the deadlines wait in memory for what else is decided on a case: here they are all
    cases.env.flush_all()


def _make(env, count):
    """Return the milliseconds that all clocks of so many new cases take, and how many these are."""
    kinds = env["exception.type"].search([], limit=20)
    partners = env["res.partner"].search([], limit=1)
    cases = env["exception.case"]._open_batch(
        [
            {"type_id": kinds[n % len(kinds)].id, "title": f"Bench {n}", "res_model": "res.partner"}
            | {"res_id": partners.id, "company_id": env.company.id, "fingerprint": str(n)}
            for n in range(count)
        ]
    )
    env.flush_all()
    clocks = env["exception.sla.clock"]
    times = []
    for _repetition in range(3):
        env.cr.execute(
            SQL("DELETE FROM exception_sla_clock WHERE case_id = ANY(%s)", cases.ids),
        )
        env.cr.execute(
            SQL(
                "UPDATE exception_case SET response_due = NULL, date_due = NULL WHERE id = ANY(%s)",
                cases.ids,
            )
        )
        env.invalidate_all()
        cases.mapped("date_due")  # as new cases are: in cache
        times.append(milliseconds(lambda: _start(cases))[0])
    return median(times), clocks.search_count([("case_id", "in", cases.ids)])
