"""Local times without a zone ↔ UTC, with exact round trips wherever the local time exists."""

from datetime import datetime, timedelta, timezone


def to_utc(local, zone):
    """Return the naive UTC instant of a naive local time.

    Of a time that the clocks show twice the first one is meant. A time that the clocks skip is
    taken as the first instant after the gap: the day and the order of events stay what they were.

    :param datetime local: naive local time
    :param zone: tzinfo of IANA data
    :return: (naive UTC instant, whether the local time exists)
    """
    instant = _utc(local, zone, fold=0)
    if to_local(instant, zone) == local:
        return instant, True
    before, after = _utc(local, zone, fold=1), instant
    offset = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after, False


def to_local(instant, zone):
    """Return the naive local time of a naive UTC instant."""
    return instant.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)


def _utc(local: datetime, zone, fold):
    aware = local.replace(tzinfo=zone, fold=fold)
    return aware.astimezone(timezone.utc).replace(tzinfo=None)


def _offset(instant, zone):
    return to_local(instant, zone) - instant
