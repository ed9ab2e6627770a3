"""The whole way: a vendor's message, signed as the vendor signs, over HTTP to the right case."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timezone

import stripe
from Adyen.util import generate_notification_sig
from standardwebhooks.webhooks import Webhook

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from . import payloads
from .samples_more import MoreMaker
from .vendor_common import VendorCommon

DOOR = "odoo.addons.exception_gateway.models.exception_event_receive"


@tagged("post_install", "-at_install")
class TestContractsHttp(VendorCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        """Leave nothing of others to be drained; the vectors of Adyen have a key of their own."""
        super().setUpClass()
        cls.env["exception.event"].search([("state", "in", ("received", "failed"))]).write(
            {"state": "ignored"}
        )
        cls.secret = {"stripe": "whsec_of_stripe", "shopify": "shpss_x", "easypost": "sécret"}
        cls.secret["adyen"] = payloads.ADYEN_KEY
        for name, endpoint in cls.vendor.items():
            cls.vendor[name] = cls._create_endpoint(
                endpoint.contract_ids, cls.secret[name], scheme=name, signature_header=False
            )

    # ------------------------------------------------------------------
    # as the vendors sign
    # ------------------------------------------------------------------

    def _stripe(self, body):
        header = stripe.WebhookSignature.generate_signature_header(
            body.decode(), self.secret["stripe"], int(time.time())
        )
        return body, {"Stripe-Signature": header}

    def _shopify(self, body, topic):
        code = hmac.new(self.secret["shopify"].encode(), body, hashlib.sha256).digest()
        return body, {
            "X-Shopify-Hmac-Sha256": base64.b64encode(code).decode(),
            "X-Shopify-Topic": topic,
            "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
            "X-Shopify-API-Version": "2024-07",
        }

    def _easypost(self, body):
        key = "se\u0301cret".encode()
        code = hmac.new(key, body, hashlib.sha256).hexdigest()
        return body, {"X-Hmac-Signature": f"hmac-sha256-hex={code}"}

    def _adyen(self, body):
        content = json.loads(body)
        for wrapped in content.get("notificationItems", [{"NotificationRequestItem": content}]):
            item = wrapped["NotificationRequestItem"]
            data = item.pop("additionalData", None) or {}
            data["hmacSignature"] = generate_notification_sig(item, self.secret["adyen"]).decode()
            item["additionalData"] = data
        return json.dumps(content).encode(), {}

    def _signed(self, vendor, kind, body):
        if vendor == "shopify":
            return self._shopify(body, kind)
        return getattr(self, f"_{vendor}")(body)

    # ------------------------------------------------------------------
    # posting
    # ------------------------------------------------------------------

    def _post(self, endpoint, body, headers):
        return self.url_open(
            f"/exception/v1/events/{endpoint.token}",
            data=body,
            headers={"Content-Type": "application/json", **headers},
        )

    def _events(self, endpoint):
        self.env.invalidate_all()
        events = self.env["exception.event"]
        return events.search([("endpoint_id", "=", endpoint.id)], order="id")

    def _drained(self, endpoint):
        """Return the newest message of an endpoint, drained; of several items, the first."""
        self.env["exception.event"]._drain()
        event = self._events(endpoint).filtered(lambda one: not one.parent_id)[-1]
        return event.child_ids[:1] or event

    def _go(self, vendor, kind, body, accepted):
        """Post a message, the same again and a forged one; return its event."""
        endpoint = self.vendor[vendor]
        raw, headers = self._signed(vendor, kind, body)
        answer = self._post(endpoint, raw, headers)
        self.assertEqual((answer.status_code, answer.text), accepted)
        self.assertEqual(self._post(endpoint, raw, headers).status_code, 200)
        count = len(self._events(endpoint))
        forged = raw + b" "
        if vendor == "adyen":
            forged = raw.replace(b'"eventCode": "', b'"eventCode": "X_')
        with mute_logger(DOOR):
            self.assertEqual(self._post(endpoint, forged, headers).status_code, 401)
        self.assertEqual(len(self._events(endpoint)), count)
        return self._drained(endpoint)

    def test_published_samples(self):
        opened = {
            "charge.dispute.created": "payment_chargeback",
            "charge.failed": "payment_failed_capture",
            "customer.subscription.updated": "invoice_overdue",
            "invoice.payment_failed": "payment_failed_capture",
            "payment_intent.payment_failed": "payment_failed_capture",
            "payout.failed": "settlement_missing",
        }
        for vendor in ("stripe", "shopify", "easypost", "adyen"):
            accepted = (200, "[accepted]") if vendor == "adyen" else (202, "")
            for name, body in payloads.vendor_samples(vendor).items():
                with self.subTest(f"{vendor} {name}"):
                    event = self._go(vendor, name.replace("-", "/"), body, accepted)
                    self.assertIn(event.state, ("done", "ignored", "parked"), event.reason)
                    types = set(event.case_ids.filtered("is_open").type_id.mapped("code"))
                    self.assertEqual(types, {opened.get(name)} - {None})

    def test_further_samples(self):
        """One of each kind that opens, over HTTP."""
        maker, seen = MoreMaker(21), set()
        for sample in maker.all():
            key = (sample.vendor, sample.opens)
            if sample.opens and key not in seen and sample.state == "done":
                seen.add(key)
                with self.subTest(str(sample)):
                    accepted = (200, "[accepted]") if sample.vendor == "adyen" else (202, "")
                    body = json.dumps(sample.content).encode()
                    event = self._go(sample.vendor, sample.kind, body, accepted)
                    expected = self._expected(sample)
                    self.assertEqual(self._cases_of(event), expected, event.reason)
        self.assertGreaterEqual(len(seen), 15)

    def _expected(self, sample):
        # an order that is not here waits, where orders are installed
        waits = sample.kind.startswith("orders/") and "sale.order" in self.env
        return set() if waits else {sample.opens}

    def test_vectors_as_adyen_signed_them(self):
        """Nothing is signed anew: the signatures are those that Adyen publishes."""
        for name, body in payloads.vendor_samples("adyen").items():
            with self.subTest(name):
                answer = self._post(self.vendor["adyen"], body, {})
                self.assertEqual((answer.status_code, answer.text), (200, "[accepted]"))
                event = self._drained(self.vendor["adyen"])
                self.assert_event(event, "done")
                self.assertEqual(event.name, "AUTHORISATION")

    def test_own_form_signed_by_standard_webhooks(self):
        secret = "whsec_" + base64.b64encode(b"0123456789" * 3).decode()
        endpoint = self._create_endpoint(
            self.generic.contract_ids,
            secret,
            scheme="standard_webhooks",
            signature_header=False,
        )
        body = json.dumps({"id": "n-1", "type": "carrier_delay", "subject": "1Z5"})
        now = datetime.now(timezone.utc)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign("msg_1", now, body),
        }
        self.assertEqual(self._post(endpoint, body.encode(), headers).status_code, 202)
        event = self._drained(endpoint)
        self.assertEqual((event.name, event.dedup_key), ("carrier_delay", "msg_1"))
        self.assertEqual(event.case_ids.type_id.code, "carrier_delay")

    def test_schema_of_the_own_form_is_published(self):
        for name in ("exception.v1", "exception.v1.json"):
            answer = self.url_open(f"/exception/v1/schemas/{name}")
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.json(), json.loads(self.generic.contract_ids.schema))
        for name in ("exception.v2", "stripe.payment", "exception.v1.schema"):
            self.assertEqual(self.url_open(f"/exception/v1/schemas/{name}").status_code, 404)
