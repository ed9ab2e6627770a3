"""What all schemes need: headers, time stamps and comparing, none of which raises on bad input."""

import hashlib
import hmac
import re

from dateutil.parser import isoparse

from .base import Refused

# of what is read; a sender with many signatures during rotation needs about 500
LONGEST_HEADER = 4096
# what may be an id: the signed text must not be divisible in two ways
_ID = re.compile(r"[A-Za-z0-9_.:=+/@-]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_MILLISECONDS = re.compile(r"[0-9]{12,14}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2})")


def header(message, name):
    """Return a header that must be there.

    :raise Refused: when it is missing, empty or too long to be honest
    """
    value = (message.headers.get(name.lower()) or "").strip()
    if not value:
        raise Refused(f"The header {name} is missing")
    if len(value) > LONGEST_HEADER:
        raise Refused(f"The header {name} is too long")
    return value


def raw(text):
    """Return the bytes of a header; the server hands them over as if they were Latin-1."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def digest(key, content):
    """Return the HMAC-SHA256 of bytes under a key in bytes."""
    return hmac.new(key, content, hashlib.sha256).digest()


def usable(secrets, as_key=str.encode):
    """Return the keys of the secrets that are any; an empty one could be used by everybody.

    :param as_key: makes bytes of a secret; raises ValueError when it cannot
    :raise Refused: when none is left
    """
    keys = []
    for secret in secrets:
        try:
            keys.append(as_key((secret or "").strip()))
        except ValueError:
            continue
    keys = [key for key in keys if key]
    if not keys:
        raise Refused("The endpoint has no secret that can be used")
    return keys


def demand_match(expected, given):
    """Check in constant time that one of the proofs expected is among those given (bytes).

    :raise Refused: when none is
    """
    # a list and not a generator: all pairs are compared, whichever fits
    if not any([hmac.compare_digest(one, other) for one in expected for other in given]):
        raise Refused("No signature matches")


def demand_fresh(stamp, now, tolerance):
    """Check that a time stamp lies within the tolerance, before as well as after now.

    :raise Refused: when it does not, or is no time stamp
    """
    seconds = _seconds(stamp)
    if seconds is None:
        raise Refused("The time stamp cannot be read")
    if seconds < now - tolerance:
        raise Refused("The time stamp is too old")
    if seconds > now + tolerance:
        raise Refused("The time stamp is in the future")


def demand_id(value):
    """Return the id of a message.

    :raise Refused: when it has other characters than an id needs, or very many
    """
    if not _ID.fullmatch(value):
        raise Refused("The id of the message is not one")
    return value


def _seconds(stamp):
    """Return seconds since 1970 of a stamp in seconds, milliseconds or ISO 8601, else None."""
    if _SECONDS.fullmatch(stamp):
        return int(stamp)
    if _MILLISECONDS.fullmatch(stamp):
        return int(stamp) / 1000
    if _ISO.fullmatch(stamp):
        try:
            return isoparse(stamp).timestamp()
        except (ValueError, OverflowError):
            return None
    return None
