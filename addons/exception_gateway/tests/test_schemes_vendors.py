"""The vendors' own libraries sign what we believe, and believe what we sign."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timezone

import stripe
from Adyen.util import generate_notification_sig, is_valid_hmac_notification
from easypost.util import validate_webhook
from standardwebhooks.webhooks import Webhook

from odoo.tests.common import tagged

from ..schemes.base import Message
from . import payloads
from . import scheme_common as common
from .scheme_common import NOW, SchemeCase


@tagged("post_install", "-at_install")
class TestSchemesVendors(SchemeCase):
    def test_stripe_signs(self):
        case, signature = common.STRIPE, stripe.WebhookSignature
        for name, body in payloads.vendor_samples("stripe").items():
            with self.subTest(name):
                header = signature.generate_signature_header(body.decode(), case.secret, NOW)
                message = Message(body, {"stripe-signature": header})
                self.assert_accepted(case, message)
                event = json.loads(body)
                self.assertEqual(case.scheme.identity(message, case.settings), event["id"])
                self.assertEqual(case.scheme.kind(message, case.settings), event["type"])

    def test_stripe_signs_with_both_secrets(self):
        """During rotation the header has two signatures; old schemes of tests do not count."""
        case, body = common.STRIPE, common.BODY
        one, two = (
            stripe.WebhookSignature.generate_signature_header(body.decode(), secret, NOW)
            for secret in (case.other, case.secret)
        )
        both = f"{one},{two.partition(',')[2]}"
        self.assert_accepted(case, Message(body, {"stripe-signature": both}))
        test_only = two.replace("v1=", "v0=")
        self.assert_refused(case, Message(body, {"stripe-signature": test_only}))
        self.assert_refused(case, Message(body, {"stripe-signature": f"{two},t={NOW}"}))

    def test_stripe_believes(self):
        case = common.STRIPE
        message = case.signed(now=time.time())
        stripe.WebhookSignature.verify_header(
            message.body, message.headers["stripe-signature"], case.secret, 300
        )

    def test_standard_webhooks_signs(self):
        case = common.STANDARD
        when = datetime.fromtimestamp(NOW, timezone.utc)
        for body in ('{"a":1}', '{"a": "ü☃"}', "[]", ""):
            with self.subTest(body):
                signatures = [Webhook(s).sign("m-7", when, body) for s in (case.other, case.secret)]
                headers = {
                    "webhook-id": "m-7",
                    "webhook-timestamp": str(NOW),
                    # of a rotation, and one of a kind that we cannot check
                    "webhook-signature": " ".join(["v1a,bm8=", *signatures]),
                }
                message = Message(body.encode(), headers)
                self.assert_accepted(case, message)
                self.assertEqual(case.scheme.identity(message, case.settings), "m-7")

    def test_standard_webhooks_believes(self):
        case = common.STANDARD
        message = case.signed(now=time.time())
        Webhook(case.secret).verify(message.body, message.headers)

    def test_standard_webhooks_of_any_bytes(self):
        """The raw bytes are signed, also where they are no text."""
        case, body = common.STANDARD, b"\xff\xfe{"
        key = base64.b64decode(case.secret.removeprefix("whsec_"))
        code = hmac.new(key, b"m-7.%d.%s" % (NOW, body), hashlib.sha256).digest()
        headers = {
            "webhook-id": "m-7",
            "webhook-timestamp": str(NOW),
            "webhook-signature": "v1," + base64.b64encode(code).decode(),
        }
        self.assert_accepted(case, Message(body, headers))
        self.assertFalse(case.scheme.kind(Message(body, headers), case.settings))

    def test_easypost_vector(self):
        vector = payloads.easypost_vector()
        if not vector:
            self.skipTest("EasyPost's vector is not beside the project")
        body, secret, value = vector
        message = Message(body, {"x-hmac-signature": value})
        self.assert_accepted(common.EASYPOST, message, [secret])
        self.assert_accepted(common.EASYPOST, message, ["se\u0301cret"])
        self.assert_refused(common.EASYPOST, message, ["secret"])

    def test_easypost_believes(self):
        case = common.EASYPOST
        for name, body in payloads.vendor_samples("easypost").items():
            with self.subTest(name):
                message = case.signed(body=body)
                header = {"X-Hmac-Signature": message.headers["x-hmac-signature"]}
                event = validate_webhook(message.body, header, case.secret)
                self.assertEqual(case.scheme.identity(message, case.settings), event["id"])
                self.assertEqual(case.scheme.kind(message, case.settings), event["description"])

    def test_easypost_retry_is_the_same_event(self):
        case = common.EASYPOST
        first, again = (
            case.signed(body=json.dumps({"id": "evt_1", "pending_urls": urls}).encode())
            for urls in (["https://a"], [])
        )
        self.assertEqual(
            case.scheme.identity(first, case.settings), case.scheme.identity(again, case.settings)
        )

    def test_shopify_as_documented(self):
        """Their library has no check of webhooks; the formula is that of their documents."""
        case = common.SHOPIFY
        for name, body in payloads.vendor_samples("shopify").items():
            with self.subTest(name):
                code = hmac.new(case.secret.encode(), body, hashlib.sha256).digest()
                headers = {
                    "x-shopify-hmac-sha256": base64.b64encode(code).decode(),
                    "x-shopify-topic": name.replace("-", "/"),
                }
                message = Message(body, headers)
                self.assert_accepted(case, message)
                self.assertEqual(case.scheme.kind(message, case.settings), name.replace("-", "/"))
                # only the content is signed
                self.assertIsNone(case.scheme.identity(message, case.settings))

    def test_adyen_vectors(self):
        """Colons and backslashes are signed as they are."""
        case = common.ADYEN
        samples = payloads.vendor_samples("adyen")
        self.assertEqual(len(samples), 3)
        for name, body in samples.items():
            with self.subTest(name):
                self.assertTrue(is_valid_hmac_notification(json.loads(body), payloads.ADYEN_KEY))
                self.assert_accepted(case, Message(body), [payloads.ADYEN_KEY])
                self.assert_refused(case, Message(body))
                self.assertEqual(case.scheme.kind(Message(body), case.settings), "AUTHORISATION")

    def test_adyen_signs(self):
        case = common.ADYEN
        for reference in ("S00042", "a:b", "a\\:b", "ü☃", "", "1\n2", '"'):
            with self.subTest(reference):
                item = {**common.ITEM, "merchantReference": reference}
                code = generate_notification_sig(item, case.secret).decode()
                item["additionalData"] = {"hmacSignature": code}
                self.assert_accepted(case, Message(json.dumps(item).encode()))

    def test_adyen_believes(self):
        case = common.ADYEN
        message = case.signed()
        self.assertTrue(is_valid_hmac_notification(json.loads(message.body), case.secret))
