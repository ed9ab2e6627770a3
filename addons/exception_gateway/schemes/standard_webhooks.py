import base64
import secrets as random
import uuid
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook

from odoo import _

from . import proof
from .base import Message, Misconfigured, Refused, Scheme
from .registry import register


def _key(secret):
    """Return the key of a secret; binascii.Error is a ValueError."""
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


@register
class StandardWebhooks(Scheme):
    """Standard Webhooks: ``v1,<base64>`` over ``<id>.<time stamp>.<raw body>``.

    The library signs. It does not verify: it knows one secret, its own tolerance and text only.
    """

    code = "standard_webhooks"
    title = "Standard Webhooks"
    uses = ("tolerance",)

    def verify(self, message, secrets, settings, now):
        """Check the three headers; of the versions of signatures, v1 is the symmetric one."""
        ident, stamp = self._signed_headers(message)
        signatures = proof.header(message, "webhook-signature").split()
        # more commas than one each: the server has joined two headers
        if any(one.count(",") != 1 for one in signatures):
            raise Refused("webhook-signature is not a list of signatures")
        given = [proof.raw(one[3:]) for one in signatures if one.startswith("v1,")]
        content = b".".join([ident.encode(), stamp.encode(), message.body])
        expected = [
            base64.b64encode(proof.digest(key, content)) for key in proof.usable(secrets, _key)
        ]
        proof.demand_match(expected, given)
        proof.demand_fresh(stamp, now, settings.tolerance)

    def identity(self, message, settings):
        """The id is signed."""
        return message.headers["webhook-id"].strip()

    def kind(self, message, settings):
        """The specification recommends a ``type``."""
        return message.text("type")

    def sign(self, body, secret, settings, now, message_id=None):
        """See ``Scheme``."""
        self.check_secret(secret)
        ident = message_id or f"msg_{uuid.uuid4().hex}"
        when = datetime.fromtimestamp(int(now), timezone.utc)
        headers = {
            "content-type": "application/json",
            "webhook-id": ident,
            "webhook-timestamp": str(int(now)),
            "webhook-signature": Webhook(secret.strip()).sign(ident, when, body.decode()),
        }
        return Message(body, headers)

    def check_secret(self, secret):
        """24 bytes at least, as the specification wants."""
        try:
            enough = len(_key(secret.strip())) >= 24
        except ValueError:
            enough = False
        if not enough:
            raise Misconfigured(
                _(
                    "A secret of Standard Webhooks is whsec_ and 24 bytes or more in base64. "
                    "Copy it again from the sender, or let one be made here."
                )
            )

    def new_secret(self):
        """See ``Scheme``."""
        return "whsec_" + base64.b64encode(random.token_bytes(32)).decode()

    def _signed_headers(self, message):
        ident = proof.demand_id(proof.header(message, "webhook-id"))
        stamp = proof.header(message, "webhook-timestamp")
        # with dots the signed text could be read as another id and another stamp
        if "." in ident or "." in stamp:
            raise Refused("The id or the time stamp has a dot")
        return ident, stamp
