"""What of a message is kept beside its body: plain, short, and without anything secret."""

import hashlib
import re

LONGEST_KEY = 200
LONGEST_NAME = 128
LONGEST_HEADER = 500
MOST_HEADERS = 30

HASH = "sha256:"
PLAIN = {"content-type", "user-agent"}
# What vendors put into headers of their own: topic, id, shop, time.
PREFIXES = ("x-", "webhook-", "ce-")
# Who may read events must learn neither how to send one nor who stands where in the network.
SECRET = re.compile(r"sign|hmac|token|secret|auth|key|cookie|csrf|forwarded|real-ip|password|cert")


def digest(body):
    """Return the SHA-256 of a body."""
    return hashlib.sha256(body).hexdigest()


def dedup_key(identity, body_hash):
    """Return what makes a message the same message.

    :param identity: what the sender calls it, and has signed; None when it has no name
    """
    if not identity:
        return HASH + body_hash
    if len(identity) <= LONGEST_KEY and identity.isprintable() and not identity.startswith(HASH):
        return identity
    # two odd names must not become one by being made plain
    return HASH + hashlib.sha256(b"id\0" + identity.encode("utf-8", "surrogatepass")).hexdigest()


def plain(text, longest):
    """Return a text as a column takes it: no control characters, no half characters."""
    if not text:
        return None
    whole = str(text).encode("utf-8", "replace").decode()
    return "".join(c for c in whole[:longest] if c.isprintable()) or None


def kept_headers(headers, secret=(), wanted=()):
    """Return those headers that are worth keeping.

    :param dict headers: by lower-case name
    :param secret: names that prove who sent it
    :param wanted: further names that an administrator asked for
    """
    names = [
        name
        for name in sorted(headers)
        if (name in PLAIN or name in wanted or name.startswith(PREFIXES))
        and name not in secret
        and not SECRET.search(name)
    ]
    return {name: plain(headers[name], LONGEST_HEADER) or "" for name in names[:MOST_HEADERS]}
