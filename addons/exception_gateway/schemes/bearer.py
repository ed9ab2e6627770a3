from odoo import _, _lt

from . import proof
from .base import Message, Misconfigured, Refused, Scheme
from .registry import register


@register
class Bearer(Scheme):
    """A token in a header, for senders that cannot sign.

    It proves who sends as long as nobody reads along, and nothing about the content: whoever has
    seen one message can send others.
    """

    code = "bearer"
    title = _lt("Bearer token")
    uses = ("header",)

    def verify(self, message, secrets, settings, now):
        """Check Authorization: Bearer …, or the whole of another header."""
        name = settings.header or "authorization"
        token = proof.header(message, name)
        if name.lower() == "authorization":
            word, _space, token = token.partition(" ")
            if word.lower() != "bearer" or not token.strip():
                raise Refused("Authorization is not of the kind Bearer")
        proof.demand_match(proof.usable(secrets), [proof.raw(token.strip())])

    def kind(self, message, settings):
        """A ``type`` at the top of the content, as most have it."""
        return message.text("type")

    def sign(self, body, secret, settings, now, message_id=None):
        """See ``Scheme``."""
        name = (settings.header or "authorization").lower()
        word = "Bearer " if name == "authorization" else ""
        return Message(body, {"content-type": "application/json", name: word + secret.strip()})

    def check_secret(self, secret):
        """A short token can be guessed; headers are sure to carry plain characters only."""
        token = secret.strip()
        if len(token) < 20 or not token.isascii() or not token.isprintable() or " " in token:
            raise Misconfigured(
                _(
                    "A token has 20 letters, digits and signs or more, and no spaces. "
                    "Let one be made here."
                )
            )
