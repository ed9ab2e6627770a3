import base64

from . import proof
from .base import LONGEST_NAME, Message, Scheme
from .registry import register

HEADER = "x-shopify-hmac-sha256"


@register
class Shopify(Scheme):
    """Shopify: base64 of the HMAC-SHA256 of the raw body.

    Nothing else is signed: not the topic, not the shop, not ``X-Shopify-Webhook-Id``. So a message
    is told by its content, and contracts read what happened from there as well: Shopify sends the
    same order under several topics at once.
    """

    code = "shopify"
    title = "Shopify"

    def verify(self, message, secrets, settings, now):
        """See ``Scheme``; there is no time stamp to check."""
        given = proof.raw(proof.header(message, HEADER))
        keys = proof.usable(secrets)
        expected = [base64.b64encode(proof.digest(key, message.body)) for key in keys]
        proof.demand_match(expected, [given])

    def kind(self, message, settings):
        """The topic: orders/create."""
        return message.headers.get("x-shopify-topic", "").strip()[:LONGEST_NAME] or None

    def sign(self, body, secret, settings, now, message_id=None):
        """See ``Scheme``."""
        signature = base64.b64encode(proof.digest(secret.strip().encode(), body)).decode()
        headers = {"content-type": "application/json", HEADER: signature}
        if message_id:
            headers["x-shopify-webhook-id"] = message_id
        return Message(body, headers)

    def new_secret(self):
        """Shopify makes it: it is the secret of the app."""
        return None
