"""How long a message waits between its tries."""

import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WAIT = re.compile(r"(\d{1,6})\s*([smhd])", re.ASCII)
MOST_TRIES = 50
LONGEST = 7 * 86400
# Each wait is up to so much shorter or longer, so that receivers do not get everything at once.
JITTER = 0.2


def parse(text):
    """Return the seconds between tries that a text such as ``10s, 1m, 2h`` says.

    :raise ValueError: with what is not understood
    """
    waits = []
    for part in filter(None, (part.strip() for part in (text or "").lower().split(","))):
        found = WAIT.fullmatch(part)
        if not found:
            raise ValueError(part)
        seconds = int(found[1]) * UNITS[found[2]]
        if not 0 < seconds <= LONGEST:
            raise ValueError(part)
        waits.append(seconds)
    if len(waits) >= MOST_TRIES:
        raise ValueError(text)
    return waits


def wait_after(waits, tries, chance):
    """Return the seconds until the next try; None when there is none.

    :param waits: what ``parse`` returns
    :param int tries: how often it was tried
    :param float chance: from 0 to 1, drawn by lot
    """
    if tries > len(waits):
        return None
    return waits[tries - 1] * (1 - JITTER + 2 * JITTER * chance)


def total(waits):
    """Return the seconds from the first try to the last."""
    return sum(waits)
