"""Content of a message as JSON, read strictly: what two readers could understand in two ways is
refused, and so is what would take long or could not be stored."""

import json
import math

from odoo import _lt

from . import event_row
from .refused import TOO_MUCH_WORK, Refused

MAX_DEPTH = 64
MAX_NODES = 200_000
# longer numbers are nobody's amount, and slow to read
MAX_DIGITS = 40


def parse(body):
    """Return the value of a JSON text.

    :param bytes body: as it came
    :raise Refused: why it is none
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            _lt("The content is not UTF-8 text: byte %(place)s cannot be read."),
            place=error.start + 1,
        ) from error
    if not text.strip():
        raise Refused(_lt("The content is empty."))
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise Refused(
            _lt("The content is no JSON: line %(line)s, column %(column)s: %(error)s."),
            line=error.lineno,
            column=error.colno,
            error=error.msg,
        ) from error
    except RecursionError as error:
        raise Refused(_lt("The content is nested too deeply.")) from error
    _check(value)
    return value


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        seen = set()
        twice = next(key for key, _value in pairs if key in seen or seen.add(key))
        raise Refused(
            _lt("The key “%(key)s” appears twice in one object; nobody can say which one counts."),
            key=event_row.plain(twice, 80) or "?",
        )
    return found


def _no_constant(word):
    raise Refused(_lt("“%(word)s” is no number in JSON."), word=word)


def _integer(text):
    if len(text) > MAX_DIGITS:
        raise Refused(_lt("A number has %(count)s digits; that is no amount."), count=len(text))
    return int(text)


def _float(text):
    value = float(text) if len(text) <= 4 * MAX_DIGITS else math.inf
    if math.isinf(value):
        raise Refused(_lt("The number %(number)s is too large."), number=text[:20])
    return value


def _check(value):
    """Refuse what is too deep or too much, and text that the database cannot keep."""
    level, count = [value], 0
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_NODES:
            raise Refused(TOO_MUCH_WORK)
        below = []
        for one in level:
            if isinstance(one, dict):
                for key in one:
                    _check_text(key)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, str):
                _check_text(one)
        if not below:
            return
        level = below
    raise Refused(_lt("The content is nested deeper than %(count)s levels."), count=MAX_DEPTH)


def _check_text(text):
    if text.isascii():
        broken = "\x00" in text
    else:
        broken = "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)
    if broken:
        raise Refused(_lt("The content has a character that is none (NUL or half a character)."))
