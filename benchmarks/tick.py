"""Promise: a tick over 100,000 open clocks, few of them due, takes at most 2 s before messages.

The bound is the bare select of the due clocks. What is due passes its deadline in this tick: it
breaches, its team lead gets an activity, the case a note and the log a line.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from . import case_rows
from .measure import median, milliseconds
from .result import Result

LIMIT_MS = 2000
DUE = 100


def run(desk, sizes):
    """Measure ticks with some clocks due, without any, and after a change of the policy."""
    now = fields.Datetime.now()
    _fill(desk, sizes.clocks, now)
    times = {"due": [], "idle": [], "bare": [], "again": []}
    for _repetition in range(sizes.repetitions):
        _make_due(desk, now)
        times["bare"].append(_time(desk, lambda env: _select_due(env, now)))
        times["due"].append(_time(desk, lambda env: env["exception.sla.clock"]._carry_out(now)))
        times["idle"].append(_time(desk, lambda env: env["exception.sla.clock"]._carry_out(now)))
        _change_policy(desk)
        times["again"].append(_time(desk, lambda env: env["exception.sla.clock"]._carry_out(now)))
    results = _results({name: median(values) for name, values in times.items()}, sizes)
    case_rows.clear(desk)
    return results


def _fill(desk, clocks, now):
    """Make open cases with two clocks each that run on until tomorrow."""
    case_rows.clear(desk)
    case_rows.fill(desk, clocks // 2, clocks // 2)
    case_rows.fill_clocks(desk)
    with desk.env() as env:
        env.cr.execute(
            SQL(
                """UPDATE exception_sla_clock
                      SET state = 'running', allotted = 86400, used = 0, since = %(now)s,
                          stopped_at = NULL, deadline = %(now)s + interval '1 day',
                          warned_at = NULL, warn_at = %(now)s + interval '19 hour',
                          next_level_at = %(now)s + interval '19 hour'""",
                now=now,
            )
        )
        # the installation itself is no news
        env["exception.sla.clock"]._reschedule_changed()
    desk.vacuum("exception_sla_clock")


def _time(desk, step):
    with desk.env() as env:
        return milliseconds(lambda: step(env))[0]


def _select_due(env, now):
    env.cr.execute(SQL("SELECT id FROM exception_sla_clock WHERE next_level_at <= %s", now))
    if len(env.cr.fetchall()) != DUE:
        raise SystemExit("The tick is measured with another number of clocks than wanted.")


def _make_due(desk, now):
    """Let some clocks pass their deadline now, as if nothing had come of it before."""
    deadline = now - timedelta(minutes=1)
    with desk.env() as env:
        env["exception.escalation.event"].search([]).unlink()
        env["mail.activity"].search([("res_model", "=", "exception.case")]).unlink()
        env.cr.execute(
            SQL(
                """UPDATE exception_sla_clock
                      SET state = 'running', since = %(since)s, deadline = %(deadline)s,
                          warn_at = NULL, warned_at = NULL, breached_at = NULL,
                          next_level_at = %(deadline)s
                    WHERE id IN (SELECT id FROM exception_sla_clock
                                  WHERE kind = 'resolution' ORDER BY id LIMIT %(due)s)""",
                since=now - timedelta(days=1),
                deadline=deadline,
                due=DUE,
            )
        )


def _change_policy(desk):
    with desk.env() as env:
        env.ref("exception_core.escalation_policy_standard").is_scheduled = False


def _results(times, sizes):
    official = sizes.clocks >= 100_000
    name = f"Tick over {sizes.clocks:,} open clocks"
    again = f"after a change of the policy, all planned anew: {times['again']:,.0f} ms"
    return [
        Result(
            name=f"{name}, {DUE} due",
            measured=times["due"],
            bound=times["bare"],
            unit="ms",
            promise=f"≤ {LIMIT_MS:,} ms before messages" if official else "",
            kept=times["due"] <= LIMIT_MS if official else None,
            note=again,
        ),
        Result(name=f"{name}, none due", measured=times["idle"], bound=times["bare"], unit="ms"),
    ]
