import base64
import hashlib
import json
import re

from odoo import _

from . import proof
from .base import Message, Misconfigured, Refused, Scheme
from .registry import register

# items of one message; Adyen sends one, and up to six where an account asks for more
MOST_ITEMS = 50
# A reference of the merchant may have colons, and nothing is escaped in the signed text. It can
# only be read in one way when no other part has one.
_SHAPES = {
    "pspReference": re.compile(r"[^:]+"),
    "originalReference": re.compile(r"[^:]*"),
    "merchantAccountCode": re.compile(r"[^:]+"),
    "merchantReference": re.compile(r".*", re.DOTALL),
    "value": re.compile(r"-?[0-9]{1,18}"),
    "currency": re.compile(r"[A-Z]{3}"),
    "eventCode": re.compile(r"[A-Z][A-Z0-9_]*"),
    "success": re.compile(r"true|false"),
}


def _once(pairs):
    """Make a dict of the members of a JSON object, none of which may come twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("A name comes twice")
    return result


@register
class Adyen(Scheme):
    """Adyen: each item of the body carries its own signature over eight of its fields.

    A colon or backslash in a field is not escaped in the signed text; Adyen's library and its
    vectors say so, older documents said otherwise. Reason, date and further data are not signed.
    """

    code = "adyen"
    title = "Adyen"
    answer = (200, b"[accepted]")

    def verify(self, message, secrets, settings, now):
        """Check every item; one that does not match refuses them all. There is no time stamp."""
        keys = proof.usable(secrets, bytes.fromhex)
        for item in self._items(message.body):
            signed = self._signed(item)
            given = (item.get("additionalData") or {}).get("hmacSignature")
            if not isinstance(given, str) or not given:
                raise Refused("An item has no hmacSignature")
            expected = [base64.b64encode(proof.digest(key, signed)) for key in keys]
            proof.demand_match(expected, [proof.raw(given)])

    def identity(self, message, settings):
        """All that is signed, in short: Adyen has no id of its own for a message."""
        signed = [self._signed(item) for item in self._items(message.body)]
        each = b"".join(hashlib.sha256(text).digest() for text in signed)
        return "adyen:" + hashlib.sha256(each).hexdigest()

    def kind(self, message, settings):
        """The code of the only item: AUTHORISATION."""
        codes = {item["eventCode"] for item in self._items(message.body)}
        return codes.pop() if len(codes) == 1 else None

    def sign(self, body, secret, settings, now, message_id=None):
        """Return the message with the signatures in its items; ``message_id`` is not used."""
        self.check_secret(secret)
        try:
            items = self._items(body)
            signed = [self._signed(item) for item in items]
        except Refused as error:
            raise Misconfigured(
                _("This is not a message of Adyen that can be signed: %s.", error)
            ) from error
        key = bytes.fromhex(secret.strip())
        for item, text in zip(items, signed, strict=True):
            code = base64.b64encode(proof.digest(key, text))
            item["additionalData"] = {
                **(item.get("additionalData") or {}),
                "hmacSignature": code.decode(),
            }
        content = json.loads(body)
        if "notificationItems" in content:
            content["notificationItems"] = [{"NotificationRequestItem": item} for item in items]
        else:
            content = items[0]
        return Message(json.dumps(content).encode(), {"content-type": "application/json"})

    def check_secret(self, secret):
        """Adyen shows its keys in hexadecimal digits."""
        try:
            key = bytes.fromhex(secret.strip())
        except ValueError:
            key = b""
        if len(key) < 16:
            raise Misconfigured(
                _(
                    "An HMAC key of Adyen has 64 hexadecimal digits. "
                    "Copy it again from the settings of the webhook in Adyen."
                )
            )

    def new_secret(self):
        """Adyen makes it."""
        return None

    def _items(self, body):
        """Return the items of a message, or the one that came without its envelope.

        :raise Refused: when there are none, or too many
        """
        try:
            content = json.loads(body, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            raise Refused("The body cannot be read as JSON with each name once") from None
        if not isinstance(content, dict):
            raise Refused("The body is not a message of Adyen")
        wrapped = content.get("notificationItems", [{"NotificationRequestItem": content}])
        if not isinstance(wrapped, list) or not 0 < len(wrapped) <= MOST_ITEMS:
            raise Refused("The body has no items, or too many")
        items = [one.get("NotificationRequestItem") for one in wrapped if isinstance(one, dict)]
        if len(items) < len(wrapped) or not all(isinstance(item, dict) for item in items):
            raise Refused("An item is not one")
        return items

    def _signed(self, item):
        """Return the bytes that the signature of an item covers."""
        amount = item.get("amount")
        data = item.get("additionalData")
        if not isinstance(amount, dict) or not isinstance(data or {}, dict):
            raise Refused("An item has no amount, or odd data")
        parts = []
        for name, shape in _SHAPES.items():
            value = amount.get(name) if name in ("value", "currency") else item.get(name)
            value = "" if value is None else value
            if not isinstance(value, str | int):
                raise Refused(f"{name} of an item is neither text nor a whole number")
            text = str(value)
            if not shape.fullmatch(text):
                raise Refused(f"{name} of an item is not one")
            parts.append(text)
        # JSON may have half a surrogate pair, which UTF-8 has not
        return ":".join(parts).encode("utf-8", "surrogatepass")
