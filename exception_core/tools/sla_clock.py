"""A clock of a promise: how it runs, rests, stops and is planned anew.

Plain values and arithmetic, no records: times are naive UTC datetimes, durations whole seconds of
business time. ``hours`` is a :class:`business_time.WorkingHours` or ``EveryHour``. Settled
questions:

- a pause keeps the business seconds that are left; what passes meanwhile never counts;
- a deadline that has passed stays where it is: no pause, change or late answer repairs it;
- what happens at the very second of the deadline was in time;
- a clock stops at its event and never runs on.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Clock:
    """The values of one clock; each method is something that happens to it."""

    allotted: int
    warn_percent: int = 100
    state: str = "running"
    used: int = 0  # business seconds before the present stretch
    since: datetime | None = None  # when the present stretch began
    deadline: datetime | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    restarts: int = 0

    @property
    def left(self):
        """Business seconds left at the beginning of the present stretch."""
        return max(self.allotted - self.used, 0)

    def start(self, now, hours):
        """Begin a stretch."""
        self.since = now
        self.plan(now, hours)

    def plan(self, now, hours):
        """Set deadline and warning of the present stretch."""
        before_warning = self.allotted * self.warn_percent // 100 - self.used
        self.deadline = hours.due_at(self.since, self.left)
        self.warn_at = hours.due_at(self.since, max(before_warning, 0))
        if self.warned_at and self.warn_at > now:
            # there is more time again: it will have to be said anew
            self.warned_at = None

    def pause(self, now, hours):
        """Let it rest: what is left is kept in business seconds."""
        # at its very second the work is done; zero work is not done before it begins
        if self.state == "running" and (
            now > self.deadline or (now == self.deadline and self.left)
        ):
            self._break()
        if self.stopped_at or self.state not in ("running", "breached"):
            return
        self._fold(now, hours)
        if self.state == "running":
            self.state, self.deadline, self.warn_at = "paused", None, None

    def resume(self, now, hours):
        """Go on after a pause."""
        if self.stopped_at:
            return
        if self.state == "paused":
            self.state = "running"
            self.start(now, hours)
        elif self.state == "breached" and not self.since:
            self.since = now

    def stop(self, now, hours, state="met"):
        """End it for good, as met or cancelled; a promise that was broken stays broken."""
        if self.stopped_at:
            return
        if self.state == "running" and now > self.deadline:
            self._break()
        if self.state == "paused":
            self.deadline = hours.due_at(now, self.left)
        self._fold(now, hours)
        self.stopped_at = now
        if self.state != "breached":
            self.state = state

    def reopen(self, now, hours, restart):
        """Take up a stopped clock: go on with what was left, or start a new promise."""
        if not self.stopped_at:
            return
        self.stopped_at = None
        if restart:
            self.used, self.warned_at, self.breached_at, self.state = 0, None, None, "running"
            self.restarts += 1
        if self.state == "breached":
            self.since = now
            return
        self.state = "running"
        self.start(now, hours)

    def replan(self, now, hours, old_hours=None):
        """Follow a change of the promise or of its hours.

        :param old_hours: the hours that counted until ``now``, when others count from now on;
            None when the hours were corrected: the present stretch is counted anew
        """
        if self.state != "running":
            return
        if now >= self.deadline:
            self._break()
            return
        if old_hours:
            self._fold(now, old_hours)
            self.since = now
        self.plan(now, hours)

    def _fold(self, now, hours):
        """Add the present stretch to what is used."""
        if self.since:
            self.used += hours.seconds_between(self.since, now)
            self.since = None

    def _break(self):
        self.state, self.breached_at = "breached", self.deadline
