"""Vectors of business time: facts that every path to a deadline must agree with.

Read from the file that ``SLA_VECTORS`` names, else from the one shared beside the project, else a
small sample worked out by hand. Where the published ones come from stands beside them.
"""

import json
import os
from datetime import datetime
from pathlib import Path

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHARED = Path(__file__).resolve().parents[2].parent / "shared/data/sla/vectors.json"
OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}


def stamp(text):
    """Return the time stamp of an ISO instant with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


def seconds_of_day(text):
    """Return a wall clock time as seconds after midnight; 24:00 ends the day."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def load():
    """Return (vectors, where they come from)."""
    path = Path(os.environ.get("SLA_VECTORS") or SHARED)
    if os.environ.get("SLA_VECTORS") or path.exists():
        return json.loads(path.read_text()), str(path)
    return [_vector(*row) for row in SAMPLE], "the sample in tests/sla_vectors.py"


def _vector(name, tz, hours, start, seconds, expected, pauses=(), holidays=()):
    return {
        "id": f"sample-{name}",
        "tz": tz,
        "weekly_hours": hours,
        "holidays": list(holidays),
        "start": start,
        "work_seconds": seconds,
        "pauses": [{"from": begin, "to": end} for begin, end in pauses] or None,
        "expected_deadline": expected,
        "source": "worked out by hand",
    }


NIGHT = {"fri": [["22:00", "24:00"]], "sat": [["00:00", "06:00"]]}
ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
# name, zone, hours, start, seconds, deadline, pauses, holidays
SAMPLE = [
    # ends at closing, not at the next opening
    ("closing", "UTC", OFFICE, "2024-01-05T16:00:00+00:00", 3600, "2024-01-05T17:00:00+00:00"),
    # zero work waits for the opening
    ("zero", "UTC", OFFICE, "2024-01-06T10:00:00+00:00", 0, "2024-01-08T09:00:00+00:00"),
    # a shift over midnight is one stretch
    ("night", "UTC", NIGHT, "2024-01-05T23:30:07+00:00", 3600, "2024-01-06T00:30:07+00:00"),
    # a day of 23 hours, worked around the clock
    (
        *("spring", "Europe/Berlin", ALWAYS, "2024-03-31T00:00:00+01:00"),
        *(23 * 3600, "2024-04-01T00:00:00+02:00"),
    ),
    # two pauses that overlap, over closing: 15:00-16:00 was worked, 09:30 next day it goes on
    (
        *("pauses", "UTC", OFFICE, "2024-01-08T15:00:00+00:00", 7200, "2024-01-09T10:30:00+00:00"),
        [
            ("2024-01-08T16:30:00+00:00", "2024-01-09T09:30:00+00:00"),
            ("2024-01-08T16:00:00+00:00", "2024-01-08T16:45:00+00:00"),
        ],
    ),
    # a holiday is no working day
    (
        *("holiday", "UTC", OFFICE, "2024-01-08T16:00:00+00:00", 7200, "2024-01-10T10:00:00+00:00"),
        (),
        ["2024-01-09"],
    ),
]
