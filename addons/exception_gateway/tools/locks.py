"""Locks that outlive transactions and die with their process: who works on what."""

from contextlib import contextmanager

from odoo.tools import SQL

# First key of the advisory locks, beside those of exception_core/tools/job.py.
DELIVERY_LOCK = 1_704_031  # a subscription, while its messages are sent


class Locks:
    """Advisory locks of one kind, held on a connection of their own.

    They belong to the connection, not to a transaction: no snapshot stays open meanwhile.
    """

    def __init__(self, cr, kind):
        self._cr, self._kind = cr, kind

    def take(self, key):
        """Take a lock unless another process has it; tell whether it is ours."""
        self._cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", self._kind, key))
        taken = self._cr.fetchone()[0]
        self._cr.commit()  # pylint: disable=invalid-commit
        return taken

    def release(self, key):
        """Give a lock back."""
        self._cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", self._kind, key))
        self._cr.commit()  # pylint: disable=invalid-commit


@contextmanager
def locks(registry, kind):
    """Give ``Locks`` on a connection of their own, and release them all at the end."""
    with registry.cursor() as cr:
        try:
            yield Locks(cr, kind)
        finally:
            # the connection goes back to a pool: what it still held would be held for ever
            cr.rollback()
            cr.execute(SQL("SELECT pg_advisory_unlock_all()"))
