"""How much one worker takes in and one job runner works off, each alone; and what it occupies."""

from odoo.tools import SQL

from .kills import _planned, _rate
from .outcome import Outcome


def rates(world, count):
    """Measure taking in by one worker and by two, then the drain alone, then the tables."""
    notes = []
    for workers in (1, 2):
        # no job runner and no cron: nothing is drained meanwhile
        server = world.serve(workers=workers, crons=0, runner=False)
        mark = f"rate{workers}"
        plan = _planned(world, mark, count)
        world.send_bare(server, 100).result()
        told, bare = world.send(server, plan).result(), world.send_bare(server, count).result()
        notes.append(f"{workers} workers take {_rate([told]):.0f}/s (bare {_rate([bare]):.0f}/s)")
        server.stop()
    notes.append(_drained(world))
    notes += _sizes(world)
    return Outcome("rates and sizes", {"sent": 2 * count}, notes)


def _drained(world):
    """Let one drain work on all that waits; told by when it was done with each batch."""
    server = world.serve(workers=2)
    world.wait_until_done("rate")
    server.stop()
    row = world.fetch(
        SQL(
            """SELECT count(*) AS n, extract(epoch FROM max(done_at) - min(done_at)) AS seconds
                 FROM exception_event WHERE dedup_key LIKE '%%rate_-%%'"""
        )
    )[0]
    return f"one drain works off {row['n'] / max(float(row['seconds']), 0.1):.0f}/s"


def _sizes(world):
    tables = {
        "exception_event": "an event",
        "exception_event_newest": "a subject",
        "exception_case": "a case",
        "exception_audit_entry": "an audit entry",
    }
    found = []
    for name, words in tables.items():
        table = SQL.identifier(name)
        world.fetch(SQL("ANALYZE %s", table))
        row = world.fetch(
            SQL(
                "SELECT pg_total_relation_size(%s) AS size, (SELECT count(*) FROM %s) AS n",
                name,
                table,
            )
        )[0]
        found.append(f"{row['size'] / max(row['n'], 1) / 1024:.1f} KiB {words}")
    return found
