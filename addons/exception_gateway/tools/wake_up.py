"""Tells the job runner that events wait: once a second for each process, however many came.

The first event of a pause starts the job at once; what comes within the second after it is told
when that second is over, so that the last of many is not forgotten. While many come the job gathers
for some seconds, with what other processes have told: working off a hundred takes little longer
than ten, and a job occupies an HTTP worker that could take in. A process that dies meanwhile loses
the wake-up and no event: the Scheduled Action looks each minute.
"""

import logging
import threading
import time

from odoo import SUPERUSER_ID, api, registry
from odoo.tools import config

_logger = logging.getLogger(__name__)

PAUSE = 1.0
GATHER_SECONDS = 2

_lock = threading.Lock()
_next = {}
_waiting = set()


def soon(dbname):
    """See to it that a job looks after the events of a database; costs no statement here."""
    # a test has no second transaction that could see its events
    if config["test_enable"]:
        return
    now = time.monotonic()
    with _lock:
        if dbname in _waiting:
            return
        _waiting.add(dbname)
        at = max(now, _next.get(dbname, 0))
        # nothing came for a pause: nobody gains by waiting
        gather = 0 if now > _next.get(dbname, 0) + PAUSE else GATHER_SECONDS
        _next[dbname] = at + PAUSE
    timer = threading.Timer(at - now, _enqueue, (dbname, gather))
    timer.daemon = True
    timer.start()


def _enqueue(dbname, seconds):
    with _lock:
        # what is stored from now on may come too late for the job: it has a wake-up of its own
        _waiting.discard(dbname)
    try:
        with registry(dbname).cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["exception.event"]._enqueue_drain(seconds)
    except Exception:
        # the event is stored; the Scheduled Action works on it within a minute
        _logger.warning("Events wait, and no job could be started", exc_info=True)
