"""Arithmetic and words of the health page, without a database."""

DAY_HOURS = 24
# What waits longer than this for its turn waits because nobody works on it.
SECONDS_STUCK = 300
# Percentiles are of so many events at most.
SAMPLE = 1000


def span(seconds):
    """Return a length of time in few characters: 0.4 s, 12 s, 3 min, 2.5 h, 3 d."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} d"


def span_words(half, most):
    """Return two lengths of time as the page shows them; False without any."""
    if half is False or half is None:
        return False
    return f"{span(half)} · {span(most)}"
