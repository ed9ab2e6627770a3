from . import proof
from .base import Message, Refused, Scheme
from .registry import register

HEADER = "stripe-signature"


@register
class Stripe(Scheme):
    """Stripe: ``Stripe-Signature: t=<seconds>,v1=<hex>`` over ``<t>.<raw body>``.

    During rotation the header has a v1 for each secret.
    """

    code = "stripe"
    title = "Stripe"
    uses = ("tolerance",)

    def verify(self, message, secrets, settings, now):
        """Check the header; v0 is for Stripe's own tests and proves nothing."""
        parts = [part.partition("=") for part in proof.header(message, HEADER).split(",")]
        stamps = [value for name, _equals, value in parts if name.strip() == "t"]
        # two headers joined by the server have two
        if len(stamps) != 1 or not all(equals for _name, equals, _value in parts):
            raise Refused("Stripe-Signature has not one time stamp and its signatures")
        stamp = stamps[0].strip()
        given = [proof.raw(value.strip()) for name, _equals, value in parts if name.strip() == "v1"]
        content = proof.raw(stamp) + b"." + message.body
        keys = proof.usable(secrets)
        proof.demand_match([proof.digest(key, content).hex().encode() for key in keys], given)
        proof.demand_fresh(stamp, now, settings.tolerance)

    def identity(self, message, settings):
        """The event's id in the signed body: retries carry it, and another signature."""
        return message.text("id")

    def kind(self, message, settings):
        """See ``Scheme``."""
        return message.text("type")

    def sign(self, body, secret, settings, now, message_id=None):
        """The id is in the body; ``message_id`` is not used."""
        stamp = str(int(now))
        key = secret.strip().encode()
        signature = proof.digest(key, stamp.encode() + b"." + body).hex()
        headers = {"content-type": "application/json", HEADER: f"t={stamp},v1={signature}"}
        return Message(body, headers)

    def new_secret(self):
        """Stripe makes it."""
        return None
