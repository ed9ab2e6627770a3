"""What a way of proving who sent a message looks like. One scheme, one file."""

from dataclasses import dataclass, field


class Refused(Exception):
    """The message does not prove who sent it; it is answered 401 and not stored.

    The text says why in English, for the log and the health page; the sender is not told.
    """


@dataclass(frozen=True)
class Message:
    """A message as it arrived.

    ``headers`` has lower-case names; a header that came twice is refused before.
    """

    body: bytes
    headers: dict = field(default_factory=dict)
    remote: str = ""


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
        """Return what the sender calls this message, None when it has no name for it.

        Only what the signature covers counts: an id that anybody on the way can change would let
        a recorded message in a second time.
        """
        return None

    def kind(self, message, settings):
        """Return what the sender calls this kind of event, None when only its content says it."""
        return None

    def sign(self, body, secret, settings, now):
        """Return the headers with which a sender signs this body (for trying an endpoint)."""
        raise NotImplementedError
