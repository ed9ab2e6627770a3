"""Chaining the entries of the audit trail that a transaction has left behind.

A transaction only adds its entries. They are numbered and hashed in a short transaction of its
own after the commit, one at a time in the whole database. In the user's transaction that would
not do: it runs in REPEATABLE READ and cannot see what others have committed since it began, so it
would fork the chain, or fail, or make others wait until it ends.
"""

import logging
from contextlib import contextmanager
from itertools import count

from odoo.sql_db import db_connect
from odoo.tools import SQL

from .audit_chain import NOTHING, link
from .job import AUDIT_LOCK, in_test

_logger = logging.getLogger(__name__)

# So many entries are chained in one transaction.
BATCH = 5000


def seal_committed(dbname):
    """Chain what is committed; what fails here is chained by the next one, or by the job.

    Called after a commit, in the user's thread: nothing may be raised, and nobody waits. Who
    finds another one at work leaves the entries to it.
    """
    try:
        with db_connect(dbname).cursor() as cr:
            return seal_all(cr)
    except Exception:
        _logger.warning("Entries of the audit trail wait to be chained", exc_info=True)
        return 0


def seal_all(cr):
    """Chain everything on a cursor of one's own, in transactions of ``BATCH`` entries."""
    total = 0
    while True:
        # each statement sees what is committed, also what was while it waited for the lock
        cr.execute(SQL("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
        # lost in a crash, it is done again: no need to wait for the disk
        cr.execute(SQL("SET LOCAL synchronous_commit TO off"))
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, 1)", AUDIT_LOCK))
        found = seal_batch(cr) if cr.fetchone()[0] else 0
        cr.commit()  # pylint: disable=invalid-commit
        total += found
        if found < BATCH:
            return total


def tested(env):
    """Tell whether a test runs, also in the thread of a request that a test's browser makes."""
    return in_test() or env.registry.in_test_mode()


@contextmanager
def own_transaction(env):
    """Give a cursor that sees what is committed now, and commits at the end.

    In a test it is the test's own, since nobody else sees what the test wrote.
    """
    if tested(env):
        env.flush_all()
        yield env.cr
    else:
        with env.registry.cursor() as cr:
            yield cr


def seal_batch(cr):
    """Chain the oldest entries that are not chained yet, and return how many these were."""
    cr.execute(
        SQL(
            "SELECT id, chain, digest FROM exception_audit_entry WHERE hash IS NULL"
            " ORDER BY id LIMIT %s",
            BATCH,
        )
    )
    entries = cr.fetchall()
    if not entries:
        return 0
    heads = _heads(cr, {chain for _id, chain, _digest in entries})
    cr.execute(SQL("SELECT COALESCE(max(place), 0) + 1 FROM exception_audit_entry"))
    rows = []
    for place, (entry_id, chain, digest) in zip(count(cr.fetchone()[0]), entries):
        sequence, previous = heads.get(chain, (0, NOTHING))
        heads[chain] = sequence + 1, link(chain, sequence + 1, place, previous, digest)
        rows.append((entry_id, sequence + 1, place, previous, heads[chain][1]))
    cr.execute(
        SQL(
            """UPDATE exception_audit_entry AS entry
                  SET sequence = it.sequence, place = it.place, previous = it.previous,
                      hash = it.hash
                 FROM unnest(%s, %s, %s, %s, %s) AS it(id, sequence, place, previous, hash)
                WHERE entry.id = it.id""",
            *(list(column) for column in zip(*rows, strict=True)),
        )
    )
    return len(entries)


def _heads(cr, chains):
    """Return {chain: (number, hash) of its newest entry}."""
    cr.execute(
        SQL(
            """SELECT it.chain, head.sequence, head.hash
                 FROM unnest(%s) AS it(chain)
                CROSS JOIN LATERAL (SELECT sequence, hash FROM exception_audit_entry
                                     WHERE chain = it.chain AND sequence IS NOT NULL
                                     ORDER BY sequence DESC LIMIT 1) AS head""",
            sorted(chains),
        )
    )
    return {chain: (sequence, head) for chain, sequence, head in cr.fetchall()}
