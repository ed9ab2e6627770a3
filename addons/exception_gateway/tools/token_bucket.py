"""How many messages an endpoint takes in a minute, counted in memory.

Each worker process counts for itself: a figure that all of them shared would be one row that every
request writes, so that they all wait for each other. With four workers four times as many may pass
at the worst. This keeps a flood off; it is no way of charging for messages.
"""

import threading
import time

# What may come at once: this part of a minute's messages.
BURST = 6


class Buckets:
    """A bucket of tokens for each key; a message takes one, and time brings new ones."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._levels = {}

    def wait(self, key, a_minute):
        """Take a token; return 0, or in how many seconds there will be one.

        :param key: whose bucket
        :param int a_minute: tokens that come in a minute; 0: without limit
        """
        if a_minute <= 0:
            return 0
        size = max(a_minute / BURST, 1)
        with self._lock:
            now = self._clock()
            level, then = self._levels.get(key, (size, now))
            level = min(size, level + (now - then) * a_minute / 60)
            missing = 1 - level
            self._levels[key] = (level if missing > 0 else level - 1, now)
        return max(missing * 60 / a_minute, 0)
