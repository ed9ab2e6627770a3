"""Schemes under test: one case for each way of signing, without a database."""

import base64
import json
from dataclasses import dataclass

from odoo.tests.common import BaseCase

from ..schemes import registry
from ..schemes.base import Message, Refused, Settings

NOW = 1_767_225_660
BODY = json.dumps(
    {"id": "evt_42", "type": "thing.failed", "description": "thing.failed", "amount": 12.30}
).encode()
ITEM = {
    "pspReference": "T7FD4VM4D3RZNN82",
    "originalReference": "",
    "merchantAccountCode": "Shop",
    "merchantReference": "S00042",
    "amount": {"value": 1000, "currency": "EUR"},
    "eventCode": "CAPTURE_FAILED",
    "success": "true",
}


@dataclass(frozen=True)
class Case:
    """A scheme with settings and secrets that fit, and where its signature stands."""

    code: str
    header: str
    secret: str
    other: str
    settings: Settings = Settings()
    body: bytes = BODY
    stamped: bool = False

    @property
    def scheme(self):
        """The registered scheme."""
        return registry.get(self.code)

    def signed(self, secret=None, now=NOW, body=None):
        """Return a signed message, by the first secret if no other is given."""
        body = self.body if body is None else body
        return self.scheme.sign(body, secret or self.secret, self.settings, now, "msg-1")

    def __str__(self):
        return f"{self.code} {self.settings.template}"


def _whsec(letter):
    return "whsec_" + base64.b64encode(letter.encode() * 24).decode()


GITHUB = Settings(header="X-Hub-Signature-256", prefix="sha256=")
SLACK = Settings(
    header="X-Slack-Signature",
    prefix="v0=",
    timestamp_header="X-Slack-Request-Timestamp",
    template="v0:{timestamp}:{body}",
)
NAMED = Settings(
    header="X-Signature",
    encoding="base64",
    timestamp_header="X-Timestamp",
    id_header="X-Message-Id",
    template="{id}.{timestamp}.{body}",
)

STANDARD = Case("standard_webhooks", "webhook-signature", _whsec("a"), _whsec("b"), stamped=True)
STRIPE = Case("stripe", "stripe-signature", "whsec_one", "whsec_two", stamped=True)
SHOPIFY = Case("shopify", "x-shopify-hmac-sha256", "shpss_one", "shpss_two")
EASYPOST = Case("easypost", "x-hmac-signature", "sécret", "gehëim")
HMACS = [
    Case("hmac_sha256", "x-hub-signature-256", "one", "two", GITHUB),
    Case("hmac_sha256", "x-slack-signature", "one", "two", SLACK, stamped=True),
    Case("hmac_sha256", "x-signature", "one", "two", NAMED, stamped=True),
]
# those that sign the raw body and put the signature into a header
SIGNED = [STANDARD, STRIPE, SHOPIFY, EASYPOST, *HMACS]
BEARER = Case(
    "bearer", "authorization", "a-token-of-thirty-letters-1", "a-token-of-thirty-letters-2"
)
BEARER_OWN = Case("bearer", "x-api-key", BEARER.secret, BEARER.other, Settings(header="X-Api-Key"))
ADYEN = Case(
    "adyen",
    "",
    "0a" * 32,
    "0b" * 32,
    body=json.dumps(
        {"live": "false", "notificationItems": [{"NotificationRequestItem": ITEM}]}
    ).encode(),
)


class SchemeCase(BaseCase):
    """Assertions in the words of the door."""

    def assert_accepted(self, case, message, secrets=None, now=NOW):
        """The message proves who sent it."""
        case.scheme.verify(message, secrets or [case.secret], case.settings, now)

    def assert_refused(self, case, message, secrets=None, now=NOW):
        """The message does not, and the scheme says so without failing; returns why."""
        secrets = [case.secret] if secrets is None else secrets
        with self.assertRaises(Refused) as caught:
            case.scheme.verify(message, secrets, case.settings, now)
        return str(caught.exception)

    def with_header(self, case, message, value):
        """Return the message with another value in the header of the signature."""
        return Message(message.body, {**message.headers, case.header: value})
