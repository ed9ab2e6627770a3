"""Names that a detector's domain may use beside its own parameters.

They are plain so that an administrator can read them: ``now``, ``today`` and a few functions
that count from them. The browser evaluates the same names (static/src/detector), which keeps
the record counter under the domain editor right.
"""

from datetime import datetime, time, timedelta

import pytz

DOMAIN_NAMES = {
    "now": "this instant",
    "today": "today's date in the company's time zone",
    "days_ago(n)": "the instant n days before now",
    "hours_ago(n)": "the instant n hours before now",
    "days_ahead(n)": "the instant n days after now",
    "start_of_day(n)": "midnight n days before today in the company's time zone (0: today)",
}


def domain_names(now, tz_name=None):
    """Return the evaluation context of a detector's domain.

    :param datetime now: naive UTC instant
    :param str tz_name: IANA zone that decides what "today" is; UTC when empty
    :return: name → value or function; instants are naive UTC as Odoo stores them
    """
    zone = pytz.timezone(tz_name or "UTC")
    today = pytz.utc.localize(now).astimezone(zone).date()

    def start_of_day(days=0):
        midnight = datetime.combine(today - timedelta(days=days), time.min)
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    return {
        "now": now,
        "today": today,
        "days_ago": lambda days: now - timedelta(days=days),
        "hours_ago": lambda hours: now - timedelta(hours=hours),
        "days_ahead": lambda days: now + timedelta(days=days),
        "start_of_day": start_of_day,
    }
