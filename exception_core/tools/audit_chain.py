"""The arithmetic of the audit trail: what is hashed, and how the entries of a chain hang together.

Standard library only. ``audit_verify`` repeats these rules on its own on purpose: a verifier that
shares code with what it verifies shares its mistakes.
"""

import hashlib
import json
import secrets

# Columns that the digest of an entry covers as they stand.
PLAIN = (
    "chain",
    "event",
    "at",
    "user_id",
    "on_behalf_id",
    "company_id",
    "case_id",
    "case_name",
    "res_model",
    "res_id",
    "is_override",
    "is_automatic",
)
# Columns that may hold what somebody has a right to have blacked out. The digest covers only the
# hash of each value with a salt, so that the value can go and the hash can stay.
HIDEABLE = ("who", "on_behalf", "res_name", "reason", "before", "after", "data")
# What the first entry of a chain names as its previous hash.
NOTHING = "0" * 64
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
# A salt this long makes a blacked out value unguessable, however few values are possible.
SALT_BYTES = 12


def canonical(value):
    """Write a value as JSON in exactly one way."""
    return ENCODER.encode(value)


def sha256(text):
    """Return the hash of a text as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(column, salt, text):
    """Return the hash that stands for a value of a column of ``HIDEABLE``."""
    return sha256(f"{salt}:{column}:{text}")


def digest(plain, commitments):
    """Return the hash of the content of an entry.

    :param dict plain: the columns of ``PLAIN``
    :param dict commitments: {column of ``HIDEABLE``: its commitment}; empty columns are left out
    """
    return sha256(canonical({**plain, "values": commitments}))


def link(chain, sequence, place, previous, content):
    """Return the hash of an entry in its chain.

    :param int sequence: its number in the chain
    :param int place: its number among the entries of all chains
    :param str previous: hash of the entry before it, ``NOTHING`` for the first one
    :param str content: ``digest`` of the entry
    """
    return sha256(canonical([chain, sequence, place, previous, content]))


def salted(texts):
    """Give each value a salt of its own.

    :param dict texts: {column: text}, without empty ones
    :return: ({column: salt}, {column: commitment})
    """
    salts = {column: secrets.token_hex(SALT_BYTES) for column in texts}
    return salts, {column: commitment(column, salts[column], texts[column]) for column in texts}
