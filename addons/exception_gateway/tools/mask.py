"""Shows what a message looks like without showing whose it is."""

import json
import re

HIDDEN = "•••"
# What names of fields speak of people and accounts; each endpoint has its own list.
WORDS = (
    "account address author birth birthday bic billing card city comment contact customer email "
    "fingerprint first firstname fullname holder iban ip last last4 lastname latitude longitude "
    "mail mobile name note passport password phone postal postcode receipt secret shopper signed "
    "shipping street surname tax token user username vat zip"
)
# How much is shown; the file has it all.
LONGEST = 100_000
DEEPEST = 60

_EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}")
_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def shown(body, words=None):
    """Return a body as people read it.

    :param bytes body: as it came
    :param words: names whose values are hidden; None: nothing is hidden
    :return: text; None when it is no JSON and something would have to be hidden
    """
    try:
        content = json.loads(body)
        if words is not None:
            content = _masked(content, frozenset(words), False, 0)
        text = json.dumps(content, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        if words is not None:
            return None
        text = body.decode("utf-8", "replace").replace("\x00", "�")
    # half a character of JSON is none that can be shown
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n…"


def _masked(value, words, hide, depth):
    if depth > DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        return {
            name: _masked(one, words, hide or _speaks_of(name, words), depth + 1)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_masked(one, words, hide, depth + 1) for one in value]
    if hide and value not in (None, "", True, False):
        return HIDDEN
    return _EMAIL.sub(HIDDEN, value) if isinstance(value, str) else value


def _speaks_of(name, words):
    return any(part.lower() in words for part in _PARTS.findall(name))
