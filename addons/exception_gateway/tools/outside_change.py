"""What another system says of a case, read strictly from what its message was mapped to."""

from datetime import datetime, timezone

from odoo import _lt

from .refused import Refused

TEXTS = {"state": 20, "waiting_for": 20, "reason": 500, "note": 10_000, "note_id": 200}
TEXTS |= {"author": 200, "number": 200, "url": 2000}
TIMES = ("at", "until")


def read(found):
    """Return the changes, with times as naive UTC and without what was not said.

    :raise Refused: when it is no object, or has values of the wrong kind
    """
    if not isinstance(found, dict):
        raise Refused(
            _lt("What keeps a case in step is an object with state, note, number and the like.")
        )
    changes = {}
    for name, longest in TEXTS.items():
        value = found.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refused(_lt("“%(name)s” is no text."), name=name)
        changes[name] = str(value)[:longest]
    for name in TIMES:
        if found.get(name):
            changes[name] = _time(name, found[name])
    if isinstance(found.get("by_us"), bool):
        changes["by_us"] = found["by_us"]
    return changes


def _time(name, value):
    try:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(timezone.utc).replace(tzinfo=None) if at.tzinfo else at
    except (ValueError, OverflowError) as error:
        raise Refused(
            _lt("“%(name)s” is no time: %(value)s"), name=name, value=str(value)[:40]
        ) from error
