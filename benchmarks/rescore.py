"""The score of 100,000 open cases, kept right as time passes.

Each minute the Scheduled Action asks for all open cases whether their score has changed, and
writes those where it did. The bound of asking is the bare SELECT of what the list needs anyway;
the bound of writing is a bare UPDATE of as many rows in one statement.
"""

from datetime import timedelta

from odoo.tools import SQL

from . import case_rows
from .measure import keep_plan, median, milliseconds
from .result import Result

BATCH = 500
CLOCKS = """
    INSERT INTO exception_sla_clock (case_id, kind, state, policy_id, allotted, used, since,
                                     deadline, restarts)
    SELECT id, 'resolution', CASE state WHEN 'waiting' THEN 'paused' ELSE 'running' END, %(policy)s,
           28800, 0, detected_at, detected_at + interval '1 day' * (1 + id %% 25), 0
      FROM exception_case WHERE id > %(last)s
"""
DECIDE = """
    UPDATE exception_case SET score = 0, tier_id = (%(tiers)s)[1 + id %% 4],
           promised_at = CASE WHEN id %% 3 = 0 THEN %(now)s + interval '1 hour' * (id %% 240) END
     WHERE id > %(last)s
"""


def run(desk, sizes):
    """Open so many cases in a transaction that is taken back, and rank them."""
    count = sizes.rescored
    with desk.env() as env:
        now = env.cr.now().replace(microsecond=0)
        _open(env, count, now)
        first, changed = milliseconds(lambda: _write(env, now))
        bound = milliseconds(lambda: env.cr.execute(_update(now)))[0]
        asking, later = _minute_later(env, now, sizes.repetitions)
        expression = env["exception.case"]._score_sql(now)
        statement = SQL("SELECT max(%s) FROM exception_case WHERE is_open", expression)
        bare = _times(lambda: env.cr.execute(statement), sizes.repetitions)
        if sizes.keep_plans:
            keep_plan(env.cr, "rescore", statement)
        env.cr.rollback()
    desk.vacuum("exception_case", "exception_sla_clock")
    return [
        Result(
            name=f"Scores of {count:,} open cases looked through, a minute later",
            measured=asking,
            bound=bare,
            unit="ms",
            note=f"{later:,} of them had changed and are written in batches of {BATCH}; the bound "
            "is the bare SELECT of the formula",
        ),
        Result(
            name=f"Scores of {len(changed):,} open cases written, as after new weights",
            measured=first,
            bound=bound,
            unit="ms",
            note=f"in batches of {BATCH}, each locked with SKIP LOCKED: "
            f"{first / max(len(changed), 1):.3f} ms a case; the bound is one UPDATE of as many "
            "rows, without the formula",
        ),
    ]


def _open(env, count, now):
    cr = env.cr
    cr.execute("SELECT COALESCE(max(id), 0) FROM exception_case")
    last = cr.fetchone()[0]
    values = case_rows._values(env) | {"first": last + 1, "last": last + count, "open": count}
    cr.execute(case_rows.CASE, values)
    tiers = [*env["exception.tier"].search([], limit=3).ids, None]
    policy = env["exception.sla.policy"].search([], limit=1).id
    cr.execute(DECIDE, {"last": last, "now": now, "tiers": tiers})
    cr.execute(CLOCKS, {"last": last, "policy": policy})
    cr.execute("ANALYZE exception_case")
    cr.execute("ANALYZE exception_sla_clock")


def _write(env, now):
    """Store all scores that are not true, as the Scheduled Action does; return the ids."""
    cases = env["exception.case"]
    ids, changed = cases._stale_scores(now), []
    for place in range(0, len(ids), BATCH):
        changed += cases.browse(ids[place : place + BATCH])._rescore(now, skip_locked=True)
    return changed


def _update(now):
    return SQL("UPDATE exception_case SET write_date = %s WHERE is_open AND score > 0", now)


def _minute_later(env, now, repetitions):
    """Return how long asking takes when a minute has passed, and how many scores changed."""
    cases = env["exception.case"]
    later = now + timedelta(minutes=1)
    found = cases._stale_scores(later)
    return _times(lambda: cases._stale_scores(later), repetitions), len(found)


def _times(run, repetitions):
    run()
    return median([milliseconds(run)[0] for _repetition in range(repetitions)])
