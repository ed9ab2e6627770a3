"""Keys and sentences of actions: text with a few plain words in braces, never code."""

import re

# What may stand in braces; ``values.x`` is the input x of the action.
WORDS = ("action", "case", "type", "record", "date", "request")
PATTERN = re.compile(r"\{([^{}]*)\}")


def unknown_words(text, inputs, words=WORDS):
    """Return the words in braces that mean nothing.

    :param str text: for example ``{action}/{case}/{values.amount}``
    :param inputs: names of the action's inputs
    """
    known = {*words, *(f"values.{name}" for name in inputs)}
    return [word for word in PATTERN.findall(text or "") if word not in known]


def fill(text, words, values):
    """Put words and inputs into a text.

    :param dict words: {word: text}
    :param dict values: {input: value}; what is missing becomes empty
    """

    def replace(match):
        word = match.group(1)
        value = values.get(word[7:]) if word.startswith("values.") else words.get(word)
        return "" if value is None or value is False else str(value)

    return PATTERN.sub(replace, text or "")


def retry_seconds(pattern, attempts):
    """Return after how many seconds to try again; None: no more.

    :param str pattern: seconds between attempts, for example ``60, 300, 1800``
    :param int attempts: how often it was tried so far, at least once
    """
    waits = [int(part) for part in (pattern or "").replace(";", ",").split(",") if part.strip()]
    return waits[attempts - 1] if 0 < attempts <= len(waits) else None
