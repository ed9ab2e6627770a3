"""What a way of proving who sent a message looks like. One scheme, one file.

A customer's own addon adds one by subclassing ``Scheme`` and registering it::

    from odoo.addons.exception_gateway.schemes.base import Scheme
    from odoo.addons.exception_gateway.schemes.registry import register

    @register
    class Acme(Scheme):
        code = "acme"
        title = "Acme"
        ...
"""

import json
import secrets
from dataclasses import dataclass, field
from functools import cached_property

# an identity that is longer is not one that a sender gives; the hash of the body serves
LONGEST_NAME = 200


class Refused(Exception):
    """The message does not prove who sent it; it is answered 401 and not stored.

    The text says why in English, for the log and the health page; the sender is not told.
    """


class Misconfigured(Exception):
    """What an admin entered cannot work with this scheme; the text tells them why (translated)."""


@dataclass(frozen=True)
class Message:
    """A message as it arrived, or as it is to be sent.

    ``headers`` has lower-case names. Of a header that came twice the server makes one with a
    comma; no scheme accepts that.
    """

    body: bytes
    headers: dict = field(default_factory=dict)
    remote: str = ""

    @cached_property
    def content(self):
        """Return the body read as JSON, None when it is none. Only for what is verified."""
        try:
            return json.loads(self.body)
        # too deeply nested, or not JSON at all: the contract will say so, not the door
        except (ValueError, RecursionError):
            return None

    def text(self, key):
        """Return a short text at the top level of the content, None when there is none."""
        content = self.content
        value = content.get(key) if isinstance(content, dict) else None
        if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable():
            return value
        return None


@dataclass(frozen=True)
class Settings:
    """What an endpoint says about its scheme, as plain values."""

    tolerance: int = 300
    header: str = ""
    encoding: str = "hex"
    prefix: str = ""
    timestamp_header: str = ""
    template: str = "{body}"
    id_header: str = ""


class Scheme:
    """A way of proving who sent a message. Subclasses are registered by ``@register``."""

    code = None
    title = None
    # the fields of the endpoint that this scheme uses, besides its secrets
    uses = ()
    # status and body of the answer to what was accepted
    answer = (202, b"")

    def verify(self, message, secrets, settings, now):
        """Check that one of the secrets has signed the message.

        :param Message message: as it arrived
        :param list[str] secrets: in clear, the newest first
        :param Settings settings: of the endpoint
        :param float now: seconds since 1970, UTC
        :raise Refused: when it does not, or its time stamp is too old or in the future
        """
        raise NotImplementedError

    def identity(self, message, settings):
        """Return what the sender calls this verified message, None when it has no name for it.

        Only what the signature covers counts: an id that anybody on the way can change would let
        a recorded message in a second time.
        """
        return None

    def kind(self, message, settings):
        """Return what the sender calls this kind of event, None when it does not say.

        For showing and finding. Where it comes from a header that is not signed, a contract must
        not conclude more from it than which schema to try.
        """
        return None

    def sign(self, body, secret, settings, now, message_id=None):
        """Return the Message that a sender with this secret would post (for trying an endpoint).

        :param bytes body: JSON
        :param str message_id: what the sender calls it; a new one when left out
        :raise Misconfigured: when this secret or body cannot be signed
        """
        raise NotImplementedError

    def check(self, settings):
        """Check what an admin entered.

        :raise Misconfigured: when no message could be verified with it, or forged ones could
        """

    def check_secret(self, secret):
        """Check a secret before it is stored.

        :raise Misconfigured: when it cannot be one of this scheme
        """

    def new_secret(self):
        """Return a new secret for rotation, None when the sender makes it and it is entered."""
        return secrets.token_urlsafe(32)
