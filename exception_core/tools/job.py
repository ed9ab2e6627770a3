"""What the desk's jobs share: when they commit, and the locks that keep two processes apart."""

import threading

from psycopg2 import errors

# Somebody else changed a row meanwhile: look again with a fresh snapshot, so often at most.
RETRY = (errors.UniqueViolation, errors.SerializationFailure, errors.DeadlockDetected)
ATTEMPTS = 5

# First key of an advisory lock, one for each kind of job, so that it meets neither another job
# nor another addon. The second key says what is worked on.
SWEEP_LOCK = 1_704_001  # a detector
ASSIGN_LOCK = 1_704_002  # a team
TICK_LOCK = 1_704_003  # 1: all clocks
AUDIT_LOCK = 1_704_004  # 1: chaining entries of the audit trail
RUN_LOCK = 1_704_011  # a run of an action, while it is carried out
BUDGET_LOCK = 1_704_012  # an action, while a run of it is begun
BREAKER_LOCK = 1_704_013  # a type, while a run on one of its cases is begun


def in_test():
    """Tell whether a test runs; its transaction is taken back at the end and never committed."""
    return getattr(threading.current_thread(), "testing", False)


def commit(env):
    """Keep what a batch did, whatever fails later; only for jobs, whose cursor is their own."""
    env.flush_all()
    if not in_test():
        env.cr.commit()  # pylint: disable=invalid-commit
