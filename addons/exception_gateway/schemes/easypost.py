import unicodedata

from . import proof
from .base import Message, Scheme
from .registry import register

HEADER = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="


def _key(secret):
    return unicodedata.normalize("NFKD", secret).encode()


@register
class EasyPost(Scheme):
    """EasyPost: hex of the HMAC-SHA256 of the raw body, with the secret normalised to NFKD."""

    code = "easypost"
    title = "EasyPost"

    def verify(self, message, secrets, settings, now):
        """See ``Scheme``; there is no time stamp to check."""
        given = proof.raw(proof.header(message, HEADER))
        keys = proof.usable(secrets, _key)
        proof.demand_match([self._signature(key, message.body).encode() for key in keys], [given])

    def identity(self, message, settings):
        """The event's id: between attempts the body changes (addresses still to be told)."""
        return message.text("id")

    def kind(self, message, settings):
        """The description is the kind: tracker.updated."""
        return message.text("description")

    def sign(self, body, secret, settings, now, message_id=None):
        """The id is in the body; ``message_id`` is not used."""
        signature = self._signature(_key(secret.strip()), body)
        return Message(body, {"content-type": "application/json", HEADER: signature})

    def _signature(self, key, body):
        return PREFIX + proof.digest(key, body).hex()
