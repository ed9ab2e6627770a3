"""Regular expressions of schemas: only those whose work grows with the text in a harmless way.

Python's engine tries ways one after another; with nested repeats their number doubles with each
character, and so it does with optional parts one after another. What is left here is one level of
repeats, at most two of them without an end, of which there are not too many ways together, on text
of at most ``LONGEST`` characters.
"""

import re
from re import _constants as sre
from re import _parser

from odoo import _lt

from .refused import Refused

LONGEST = 512
FEW = 64
# ways in which a repeat without an end, or a search from anywhere, goes on average
USUAL = LONGEST // 2
# of all parts together: a second at the very worst
MOST_WAYS = 20_000_000
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
FORBIDDEN = (sre.GROUPREF, sre.GROUPREF_EXISTS, sre.ASSERT, sre.ASSERT_NOT)


def refuse_pattern(pattern):
    """Refuse a regular expression that is none or could take very long.

    :raise Refused: why
    """
    try:
        re.compile(pattern)
        parsed = _parser.parse(pattern)
        endless, ways = _endless(parsed, within=False), _ways(parsed)
    except (re.error, RecursionError, OverflowError) as error:
        raise Refused(
            _lt("“%(pattern)s” is no regular expression: %(error)s."),
            pattern=pattern[:80],
            error=error,
        ) from error
    if not _is_anchored(parsed):
        ways *= USUAL
    if endless > 2 or ways > MOST_WAYS:
        _refuse(pattern)


def _refuse(pattern):
    raise Refused(
        _lt(
            "The pattern “%(pattern)s” could take for ever on some texts: use at most two open "
            "repeats (*, +), none inside another, few optional parts, and no look-around or back "
            "reference."
        ),
        pattern=pattern[:80],
    )


def _endless(parsed, within):
    """Count the repeats without an end; refuse what is nested in a repeat."""
    count = 0
    for kind, argument in parsed:
        if kind in FORBIDDEN:
            _refuse(str(kind).lower())
        if kind in REPEATS:
            _least, most, inner = argument
            wide = most == sre.MAXREPEAT or most > FEW
            variable = wide or _least != most
            if within and variable:
                _refuse("(…*)*")
            count += wide + _endless(inner, within or wide)
        elif kind is sre.SUBPATTERN:
            count += _endless(argument[-1], within)
        elif kind is sre.ATOMIC_GROUP:
            count += _endless(argument, within)
        elif kind is sre.BRANCH:
            branches = argument[1]
            if within and len(branches) > 1:
                _refuse("(…|…)*")
            count += sum(_endless(branch, within) for branch in branches)
    return count


def _is_anchored(parsed):
    starts = (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
    return bool(len(parsed)) and parsed[0][0] is sre.AT and parsed[0][1] in starts


def _ways(parsed):
    """Return in how many ways a text can be shared out among the parts, roughly."""
    ways = 1
    for kind, argument in parsed:
        if kind in REPEATS:
            least, most, inner = argument
            span = USUAL if most == sre.MAXREPEAT else min(most - least, LONGEST) + 1
            ways *= span * min(_ways(inner), MOST_WAYS + 1) ** min(most, LONGEST)
        elif kind is sre.SUBPATTERN:
            ways *= _ways(argument[-1])
        elif kind is sre.ATOMIC_GROUP:
            ways *= _ways(argument)
        elif kind is sre.BRANCH:
            ways *= sum(map(_ways, argument[1]))
        if ways > MOST_WAYS:
            return MOST_WAYS + 1
    return ways
