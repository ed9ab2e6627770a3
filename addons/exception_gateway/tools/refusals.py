"""Counts refused requests in memory, so that a flood of them never writes a row for each.

Each worker process adds its figures to rows of its own (``exception.event.refusal``), one for a
minute, endpoint and kind, a few seconds after the first of them. No two processes write the same
row, so nobody waits. What a process counted in its last seconds is lost when it is killed.
"""

import logging
import os
import platform
import threading
from collections import Counter

from odoo import fields, registry
from odoo.tools import SQL, config

_logger = logging.getLogger(__name__)

# How long figures wait in memory, in seconds.
WAIT = 5
KINDS = [
    ("signature", "Signature wrong or missing"),
    ("stale", "Time stamp too old or in the future"),
    ("network", "Sender's address not allowed"),
    ("rate", "Too many at once"),
    ("size", "Too large"),
    ("form", "Not acceptable: type, length or headers"),
    ("closed", "Endpoint not active"),
    ("unknown", "No such address"),
    ("busy", "Could not be stored"),
]
# What speaks of somebody who is not who they say they are, or of a secret that no longer fits.
UNPROVEN = ("signature", "stale", "network")

_lock = threading.Lock()
_counts = {}
_waiting = set()


def count(dbname, endpoint_id, kind, times=1):
    """Count a refused request; costs no statement.

    :param str dbname: database
    :param endpoint_id: of the endpoint, None when the address is nobody's
    :param str kind: one of KINDS
    """
    minute = fields.Datetime.now().replace(second=0)
    with _lock:
        figures = _counts.setdefault(dbname, Counter())
        figures[minute, endpoint_id or None, kind] += times
        if dbname in _waiting or config["test_enable"]:
            return
        _waiting.add(dbname)
    timer = threading.Timer(WAIT, _flush_later, (dbname,))
    timer.daemon = True
    timer.start()


def take(dbname):
    """Return what was counted and forget it: ``{(minute, endpoint id, kind): number}``."""
    with _lock:
        return _counts.pop(dbname, Counter())


def process_name():
    """Return what tells this process from all others that serve the database."""
    return f"{platform.node()}:{os.getpid()}"


def write(cr, figures):
    """Add figures to the rows of this process. Endpoints that were deleted meanwhile are left."""
    if not figures:
        return
    columns = [[], [], [], []]
    for (minute, endpoint_id, kind), number in figures.items():
        for column, value in zip(columns, (minute, endpoint_id, kind, number), strict=True):
            column.append(value)
    cr.execute(
        SQL(
            """
            INSERT INTO exception_event_refusal AS known
                        (minute, endpoint_id, kind, number, process)
            SELECT new.minute, endpoint.id, new.kind, new.number, %(process)s
              FROM unnest(%(minutes)s::timestamp[], %(endpoints)s::int[], %(kinds)s::varchar[],
                          %(numbers)s::int[]) AS new (minute, endpoint_id, kind, number)
              LEFT JOIN exception_event_endpoint endpoint ON endpoint.id = new.endpoint_id
             WHERE new.endpoint_id IS NULL OR endpoint.id IS NOT NULL
            ON CONFLICT (process, minute, COALESCE(endpoint_id, 0), kind)
            DO UPDATE SET number = known.number + EXCLUDED.number
            """,
            process=process_name(),
            minutes=columns[0],
            endpoints=columns[1],
            kinds=columns[2],
            numbers=columns[3],
        )
    )


def _flush_later(dbname):
    with _lock:
        _waiting.discard(dbname)
    figures = take(dbname)
    try:
        with registry(dbname).cursor() as cr:
            write(cr, figures)
    except Exception:
        # the database may be away: what was counted goes with the next figures
        _logger.warning("Refused requests could not be counted yet", exc_info=True)
        with _lock:
            _counts.setdefault(dbname, Counter()).update(figures)
