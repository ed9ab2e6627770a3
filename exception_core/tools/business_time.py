"""Business time: seconds that count only while a calendar is at work.

Plain arithmetic on integer time stamps (seconds since the epoch, UTC); knows nothing of records.
Settled questions:

- work is due at the first instant at which it is done: what ends exactly at closing is due then,
  not at the next opening;
- zero work is due at the first working instant at or after its start;
- a shift is every instant whose wall clock lies in it: what falls in a spring gap does not exist
  (a shift that starts there starts after it), what autumn repeats counts twice.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, timezone

DAY = 86400
EPOCH = date(1970, 1, 1)
# How much of a calendar is laid out at first, and how far work that never ends is looked for.
FIRST_SPAN = 15 * DAY
LONGEST_SPAN = 20 * 366 * DAY


def to_stamp(moment):
    """Return the time stamp of a naive UTC datetime, fractions of a second cut off."""
    return int(moment.replace(tzinfo=timezone.utc, microsecond=0).timestamp())


def to_datetime(stamp):
    """Return the naive UTC datetime of a time stamp."""
    return datetime.fromtimestamp(stamp, timezone.utc).replace(tzinfo=None)


def normalise(intervals):
    """Return the (start, end) pairs sorted, without empty ones, overlaps and seams."""
    merged = []
    for start, end in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(intervals, holes):
    """Return what of normalised intervals lies outside the holes."""
    holes, left = normalise(holes), []
    first = 0
    for start, end in intervals:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        at = first
        while at < len(holes) and holes[at][0] < end:
            if holes[at][0] > start:
                left.append((start, holes[at][0]))
            start = max(start, holes[at][1])
            at += 1
        if start < end:
            left.append((start, end))
    return left


def _offset(tz, stamp):
    return int(datetime.fromtimestamp(stamp, tz).utcoffset().total_seconds())


def offset_stretches(tz, start, end):
    """Cut [start, end) where the zone changes its offset: a list of (from, to, offset)."""
    stretches, begin, at = [], start, start
    offset = _offset(tz, start)
    while at < end:
        step = min(at + DAY, end)
        if _offset(tz, step) != offset:
            low, high = at, step  # the change is in (low, high]
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(tz, middle) == offset else (low, middle)
            stretches.append((begin, high, offset))
            begin, step, offset = high, high, _offset(tz, high)
        at = step
    if begin < end:
        stretches.append((begin, end, offset))
    return stretches


def localise(tz, wall_intervals, start, end):
    """Turn wall-clock intervals into instants, within [start, end).

    ``wall_intervals`` are (from, to) in seconds since 1970-01-01 00:00 on the zone's own clock,
    sorted or not. Returns normalised intervals of time stamps.
    """
    walls = normalise(wall_intervals)
    ends = [wall[1] for wall in walls]
    instants = []
    for begin, stop, offset in offset_stretches(tz, start, end):
        for index in range(bisect_right(ends, begin + offset), len(walls)):
            wall_from, wall_to = walls[index]
            if wall_from - offset >= stop:
                break
            instants.append((max(wall_from - offset, begin), min(wall_to - offset, stop)))
    return normalise(instants)


def expand(segments_of_day, tz, start, end):
    """Return the worked intervals of [start, end).

    ``segments_of_day`` is called with each local date and returns its (from, to) pairs in seconds
    after midnight on the wall clock; 86400 is the midnight that ends the day.
    """
    day = datetime.fromtimestamp(start, timezone.utc).date() - timedelta(days=1)
    last = datetime.fromtimestamp(end, timezone.utc).date() + timedelta(days=1)
    walls = []
    while day <= last:
        midnight = (day - EPOCH).days * DAY
        walls.extend((midnight + begin, midnight + stop) for begin, stop in segments_of_day(day))
        day += timedelta(days=1)
    return localise(tz, walls, start, end)


class WorkTime:
    """Worked intervals prepared for many questions: each is answered by two bisections."""

    def __init__(self, intervals):
        """Take (start, end) time stamps in any order."""
        intervals = normalise(intervals)
        self._starts = [start for start, _end in intervals]
        self._ends = [end for _start, end in intervals]
        self._done = []  # seconds worked up to the end of each interval
        total = 0
        for start, end in intervals:
            total += end - start
            self._done.append(total)

    def _worked_before(self, stamp):
        index = bisect_right(self._starts, stamp) - 1
        if index < 0:
            return 0
        return self._done[index] - max(self._ends[index] - stamp, 0)

    def worked(self, start, end):
        """Return the seconds worked from ``start`` to ``end``; none when it ends before."""
        return max(self._worked_before(end) - self._worked_before(start), 0)

    def due(self, start, seconds):
        """Return when ``seconds`` of work begun at ``start`` are done, None if not in here."""
        if seconds <= 0:
            index = bisect_right(self._ends, start)
            return max(self._starts[index], start) if index < len(self._starts) else None
        target = self._worked_before(start) + seconds
        index = bisect_left(self._done, target)
        if index == len(self._done):
            return None
        return self._ends[index] - (self._done[index] - target)


def due(intervals, start, seconds):
    """Return when ``seconds`` of work begun at ``start`` are done, None if not in ``intervals``."""
    return WorkTime(intervals).due(start, seconds)


class EveryHour:
    """The hours of who never closes. Asked with naive UTC datetimes, as WorkingHours is."""

    def prepare(self, items):
        """Nothing to lay out."""

    def due_at(self, start, seconds):
        """Return when ``seconds`` begun at ``start`` are over."""
        return start + timedelta(seconds=seconds)

    def seconds_between(self, start, end):
        """Return the seconds from ``start`` to ``end``; none when it ends before."""
        return max(int((end - start).total_seconds()), 0)


class WorkingHours:
    """The hours of one calendar, for a whole batch of questions in naive UTC datetimes.

    The worked intervals are laid out once, as far as the questions go: twice as far each time
    that is not far enough. A question costs two bisections.
    """

    def __init__(self, lay_out, on_empty=None):
        """Take a function (start, end) → intervals, all time stamps.

        :param on_empty: called when work never gets done in these hours; every hour counts then,
            because hours that never come would make a promise that is never broken
        """
        self._lay_out = lay_out
        self._on_empty = on_empty
        self._first = self._last = self._time = None
        self._known = {}

    def prepare(self, items):
        """Lay out at once what a list of (start, seconds) will ask for, as a rule."""
        if items:
            starts = [to_stamp(start) for start, _seconds in items]
            seconds = max(seconds for _start, seconds in items)
            self._cover(min(starts), max(starts) + max(FIRST_SPAN, 5 * seconds))

    def due_at(self, start, seconds):
        """Return when ``seconds`` of work begun at ``start`` are done."""
        key = start, seconds
        if key not in self._known:
            stamp = self._due(to_stamp(start), seconds)
            if stamp is None:
                if self._on_empty:
                    self._on_empty()
                stamp = to_stamp(start) + seconds
            self._known[key] = to_datetime(stamp)
        return self._known[key]

    def seconds_between(self, start, end):
        """Return the seconds worked from ``start`` to ``end``; none when it ends before."""
        if end <= start:
            return 0
        first, last = to_stamp(start), to_stamp(end)
        self._cover(first, last)
        return self._time.worked(first, last)

    def _due(self, start, seconds):
        if self._time and self._first <= start:
            found = self._time.due(start, seconds)
            if found is not None:
                return found
        span = max(FIRST_SPAN, 5 * seconds)
        while True:
            self._cover(start, start + span)
            found = self._time.due(start, seconds)
            if found is not None or span >= LONGEST_SPAN:
                return found
            span *= 4

    def _cover(self, first, last):
        if self._time is not None:
            if self._first <= first and last <= self._last:
                return
            # twice as far, so that questions in any order lay out a few times only
            span = self._last - self._first
            first = min(first - span, self._first) if first < self._first else self._first
            last = max(last, self._last + span) if last > self._last else self._last
        self._first, self._last = first, last
        self._time = WorkTime(self._lay_out(first, last))
