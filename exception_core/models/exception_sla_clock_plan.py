from odoo import api, fields, models

from ..tools.sla_clock import Clock

# Nobody was to be served by these: what was promised does not count. What ended otherwise was
# dealt with, by whoever it was.
CANCELLING = ("cancelled", "duplicate", "false_alarm")
MOVING = (
    "state",
    "used",
    "since",
    "deadline",
    "warn_at",
    "warned_at",
    "breached_at",
    "stopped_at",
    "restarts",
)

# Of these, empty is no value.
COUNTED = ("state", "used", "restarts")


class ExceptionSlaClockPlan(models.Model):
    """Clocks are made and moved in batches: hours are laid out once for each calendar."""

    _inherit = "exception.sla.clock"

    @api.model
    def _start(self, cases, now):
        """Make both clocks of each case, from when it was detected, as the case stands now."""
        promise = cases.env["exception.sla.policy"]._promises()
        hours = self._hours()
        rows, known = [], {}
        for case in cases:
            promised = promise(case)
            policy, target, calendar, why, share = promised
            if not target:
                continue
            for kind in ("response", "resolution"):
                # cases of one sweep share few plans
                key = (kind, promised, case.detected_at, *case._clock_history(kind))
                if key not in known:
                    clock = Clock(target[f"{kind}_seconds"], share)
                    clock.start(case.detected_at, hours[calendar])
                    self._catch_up(clock, case, kind, now, hours[calendar])
                    known[key] = self._row(clock, policy.id, why, calendar.id)
                rows.append((case.id, kind, known[key]))
        return self._store_new(rows) if rows else self.browse()

    @api.model
    def _catch_up(self, clock, case, kind, now, hours):
        """Let a new clock go through what its case has gone through already."""
        answered, ended, outcome, waiting_for = case._clock_history(kind)
        if answered:
            clock.stop(answered, hours)
        elif ended:
            cancelled = kind == "response" or outcome in CANCELLING
            clock.stop(ended, hours, "cancelled" if cancelled else "met")
        elif case.sla_policy_id._pauses(waiting_for):
            clock.pause(now, hours)

    @api.model
    def _hours(self):
        """Return a dict that lays out the hours of each calendar when they are first asked for."""

        class Hours(dict):
            def __missing__(self, calendar):
                self[calendar] = hours = calendar._exception_hours()
                return hours

        return Hours()

    @api.model
    def _row(self, clock, policy_id, why, calendar_id):
        """Return the values of a clock in the order of the columns that are stored."""
        moving = {name: getattr(clock, name) for name in MOVING}
        return (
            *(moving["state"], policy_id, why, calendar_id or None, clock.allotted),
            *(moving[name] for name in MOVING if name != "state"),
        )

    def _plain_clock(self):
        """Return the values of this clock as plain values that can be moved."""
        self.ensure_one()
        moving = {name: self[name] or None for name in MOVING if name not in COUNTED}
        counted = {name: self[name] for name in COUNTED}
        return Clock(self.allotted, self.policy_id._warn_share(), **counted, **moving)

    def _move(self, step):
        """Let something happen to each clock, and store those that it changed.

        :param step: function of (plain clock, its hours, record)
        """
        hours = self._hours()
        moved, rows = [], []
        # one by one reads would be as many statements
        for clock in self:
            before = clock._plain_clock()
            plain = clock._plain_clock()
            step(plain, hours[clock.calendar_id], clock)
            if plain != before:
                why = self._json(clock.why)
                moved.append(clock.id)
                rows.append(self._row(plain, clock.policy_id.id, why, clock.calendar_id.id))
        changed = self.browse(moved)
        changed._store(rows)
        return changed

    def _plan(self, now=None):
        """Plan deadline and warning of the running clocks anew, from where they are."""
        now = now or fields.Datetime.now()
        return self.filtered(lambda clock: clock.state == "running")._move(
            lambda plain, hours, clock: plain.plan(now, hours)
        )

    def _pause(self, now):
        """Let clocks rest; what is left is kept in business seconds."""
        return self._move(lambda plain, hours, clock: plain.pause(now, hours))

    def _resume(self, now):
        """Let resting clocks go on."""
        return self._move(lambda plain, hours, clock: plain.resume(now, hours))

    def _stop(self, now, state="met"):
        """Stop clocks for good, unless they have stopped."""
        return self._move(lambda plain, hours, clock: plain.stop(now, hours, state))

    def _reopen(self, now):
        """Take up stopped clocks by the rule of their policy."""
        return self._move(
            lambda plain, hours, clock: plain.reopen(
                now, hours, clock.policy_id.reopen_rule == "restart"
            )
        )
