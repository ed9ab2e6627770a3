import gzip
import json
import time
from unittest.mock import patch

import psycopg2

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import exception_event_receive
from ..tools import event_row
from ..tools.token_bucket import Buckets
from .gateway_common import SECRET, GatewayCommon

LOUD = ("odoo.addons.exception_gateway.models.exception_event_receive", "odoo.http")


@tagged("post_install", "-at_install")
class TestIntake(GatewayCommon, HttpCase):
    """What comes in over HTTP, and what each sender is told."""

    @classmethod
    def setUpClass(cls):
        """Make one endpoint that all tests post to."""
        super().setUpClass()
        cls.endpoint = cls._create_endpoint()

    def _post(self, body, endpoint=None, headers=None, drop=(), token=None, **more):
        endpoint = endpoint or self.endpoint
        raw, signed = self._sign(endpoint, body)
        for name in drop:
            signed.pop(name)
        return self.url_open(
            f"/exception/v1/events/{token or endpoint.token}",
            data=raw,
            headers={**signed, **(headers or {})},
            **more,
        )

    def _events(self, endpoint=None):
        endpoint = endpoint or self.endpoint
        self.env.invalidate_all()
        return self.env["exception.event"].search([("endpoint_id", "=", endpoint.id)])

    def test_a_signed_message_is_stored_as_it_came(self):
        body = b'{ "type":"order.paid",  "n": 1.10 }\n'
        answer = self._post(body, headers={"X-Topic": "orders", "X-Api-Key": "s3cret"})
        self.assertEqual((answer.status_code, answer.text), (202, ""))
        self.assertNotIn("Set-Cookie", answer.headers)
        event = self._events()
        self.assertEqual(event._content(), body)
        self.assertEqual(
            (event.name, event.state, event.size), ("order.paid", "received", len(body))
        )
        self.assertEqual(event.dedup_key, f"sha256:{event.body_hash}")
        self.assertEqual(event.headers["x-topic"], "orders")
        self.assertFalse({"x-signature", "x-api-key"} & event.headers.keys())

    def test_the_same_message_counts_once(self):
        body = {"type": "order.paid", "n": 2}
        self.assertEqual([self._post(body).status_code for _n in range(3)], [202, 200, 200])
        self.assertEqual(len(self._events()), 1)

    def test_each_endpoint_counts_for_itself(self):
        other = self._create_endpoint(name="Other")
        codes = [self._post({"n": 3}, one).status_code for one in (self.endpoint, other)]
        self.assertEqual(codes, [202, 202])

    @mute_logger(*LOUD)
    def test_what_is_not_proved_is_not_stored(self):
        for words, headers in (
            ("no signature", {"X-Signature": None}),
            ("empty", {"X-Signature": ""}),
            (
                "of another message",
                {"X-Signature": self._sign(self.endpoint, b"{}")[1]["x-signature"]},
            ),
            ("twice", {"X-Signature": "0" * 64 + "," + "0" * 64}),
        ):
            with self.subTest(words):
                self.assertEqual(
                    self._post({"n": 4}, headers=headers, drop=["x-signature"]).status_code, 401
                )
        raw, signed = self._sign(self.endpoint, {"n": 4}, secret="another secret, long enough")
        answer = self.url_open(self._path(), data=raw, headers=signed)
        self.assertEqual((answer.status_code, answer.text), (401, "Not proved.\n"))
        self.assertFalse(self._events())

    def _path(self, token=None):
        return f"/exception/v1/events/{token or self.endpoint.token}"

    @mute_logger(*LOUD)
    def test_an_old_time_stamp_is_refused(self):
        timed = self._create_endpoint(
            name="Timed", timestamp_header="X-Time", signature_template="{timestamp}.{body}"
        )
        for age, status in ((0, 202), (200, 202), (310, 401), (-400, 401)):
            raw, signed = self._sign(timed, {"age": age}, now=time.time() - age)
            answer = self.url_open(self._path(timed.token), data=raw, headers=signed)
            self.assertEqual(answer.status_code, status, age)

    def test_odd_case_of_header_names_is_no_matter(self):
        raw, signed = self._sign(self.endpoint, {"n": 5})
        headers = {"X-SIGnature": signed["x-signature"], "content-TYPE": "Application/JSON"}
        self.assertEqual(self.url_open(self._path(), data=raw, headers=headers).status_code, 202)

    def test_types_that_are_no_json(self):
        for kind in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
            "text/plain",
            "application/json, text/json",
            "text/html",
        ):
            with self.subTest(kind):
                answer = self._post({"n": 6}, headers={"Content-Type": kind})
                self.assertEqual(answer.status_code, 415)
        for kind in (
            "application/json; charset=utf-8",
            "application/cloudevents+json",
            "text/json",
        ):
            with self.subTest(kind):
                answer = self._post({"kind": kind}, headers={"Content-Type": kind})
                self.assertEqual(answer.status_code, 202)

    def test_compressed_content_is_refused(self):
        raw = gzip.compress(json.dumps({"n": 7}).encode())
        answer = self._post(raw, headers={"Content-Encoding": "gzip"})
        self.assertEqual(answer.status_code, 415)
        self.assertEqual(
            self._post({"n": 7}, headers={"Content-Encoding": "identity"}).status_code, 202
        )

    def test_length(self):
        raw, signed = self._sign(self.endpoint, b'{"n": 8}')
        chunked = self.opener.post(self.base_url() + self._path(), data=iter([raw]), headers=signed)
        self.assertEqual(chunked.status_code, 411)
        small = self._create_endpoint(name="Small", max_kib=1)
        self.assertEqual(self._post(b'"' + b"x" * 1022 + b'"', small).status_code, 202)
        self.assertEqual(self._post(b'"' + b"x" * 1023 + b'"', small).status_code, 413)
        self.assertEqual(self._post(b'"' + b"x" * 10 * 1024 * 1024 + b'"').status_code, 413)
        empty = self.opener.post(self.base_url() + self._path(), data=b"", headers=signed)
        self.assertEqual(empty.status_code, 400)

    def test_other_methods(self):
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
            with self.subTest(method):
                answer = self.opener.request(method, self.base_url() + self._path())
                self.assertEqual(answer.status_code, 405)
                self.assertIn("POST", answer.headers["Allow"])

    def test_addresses_of_nobody(self):
        draft = self._create_endpoint(secret=None, name="Draft")
        archived = self._create_endpoint(name="Archived", active=False)
        odd = (
            "x",
            "' OR 1=1 --",
            "%00",
            "%FF%FE",
            "..%2f..",
            "a" * 3000,
            "☃",
            draft.token,
            archived.token,
        )
        for token in odd:
            with self.subTest(token[:20]):
                self.assertEqual(self._post({"n": 9}, token=token).status_code, 404)

    def test_a_paused_endpoint_is_asked_again_later(self):
        paused = self._create_endpoint(name="Paused")
        paused.action_pause()
        answer = self._post({"n": 10}, paused)
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "300"))
        paused.action_activate()
        self.assertEqual(self._post({"n": 10}, paused).status_code, 202)

    def test_addresses_that_may_send(self):
        local = self._create_endpoint(name="Local", allowed_ips="10.0.0.0/8\n127.0.0.1, ::1")
        self.assertEqual(self._post({"n": 11}, local).status_code, 202)
        local.allowed_ips = "10.0.0.0/8"
        self.assertEqual(self._post({"n": 11}, local).status_code, 403)

    def test_too_many_at_once(self):
        busy = self._create_endpoint(name="Busy", rate_limit=12)
        with patch.object(exception_event_receive, "_buckets", Buckets(clock=lambda: 0.0)):
            codes = [self._post({"n": n}, busy) for n in range(3)]
        self.assertEqual([one.status_code for one in codes], [202, 202, 429])
        self.assertEqual(codes[2].headers["Retry-After"], "6")

    @mute_logger("odoo.addons.exception_gateway.controllers.events")
    def test_a_full_disk_makes_the_sender_come_again(self):
        events = type(self.env["exception.event"])
        for error in (psycopg2.errors.DiskFull(), psycopg2.OperationalError(), OSError(28, "full")):
            with (
                self.subTest(type(error).__name__),
                patch.object(events, "_receive", side_effect=error),
            ):
                answer = self._post({"n": 13})
                self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "30"))

    @mute_logger(*LOUD)
    def test_without_the_key_nothing_is_taken(self):
        other = self._create_endpoint(name="Other key")
        exception_event_receive._open.cache_clear()
        with patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": ""}):
            self.assertEqual(self._post({"n": 14}, other).status_code, 503)

    def test_content_that_makes_parsers_stumble(self):
        bodies = (
            b"\xff\xfe not UTF-8 \x00",
            b"[" * 200_000,
            b'{"a":' * 100_000,
            b'{"type": ' + b"9" * 10_000 + b"}",
            b'{"type": "\\ud800", "id": "\\u0000"}',
            b'{"type": 1e999, "type": null}',
            b"null",
            b"not JSON",
        )
        for body in bodies:
            with self.subTest(body[:20]):
                self.assertEqual(self._post(body).status_code, 202)
                self.assertEqual(self._events()[0]._content(), body)

    def test_a_new_secret_is_known_at_once(self):
        rotated = self._create_endpoint(name="Rotated")
        secrets = self.env["exception.event.secret"]
        new = "the next secret, long enough"
        secrets._add(rotated, secrets._seal(rotated, new), "entered", 24)
        for number, secret in enumerate((SECRET, new)):
            raw, signed = self._sign(rotated, {"n": number}, secret=secret)
            answer = self.url_open(self._path(rotated.token), data=raw, headers=signed)
            self.assertEqual(answer.status_code, 202)


@tagged("post_install", "-at_install")
class TestEventRow(GatewayCommon):
    """What is kept of a message."""

    def test_odd_identities_stay_apart(self):
        keys = {
            event_row.dedup_key(identity, "0" * 64)
            for identity in (
                "a",
                "a\0",
                "a\n",
                "\ud800",
                "\ud801",
                "x" * 300,
                "x" * 301,
                "sha256:a",
            )
        }
        self.assertEqual(len(keys), 8)
        self.assertTrue(all(len(key) <= 200 and key.isprintable() for key in keys))

    def test_a_name_of_its_own_is_kept_readable(self):
        self.assertEqual(event_row.dedup_key("evt_1", "0" * 64), "evt_1")
        self.assertEqual(event_row.dedup_key(None, "0" * 64), "sha256:" + "0" * 64)

    def test_headers_that_are_kept(self):
        given = {
            "content-type": "application/json",
            "x-shopify-topic": "orders/create\x00",
            "x-shopify-hmac-sha256": "proof",
            "x-forwarded-for": "10.0.0.1",
            "authorization": "Bearer s3cret",
            "cookie": "session_id=1",
            "topic": "kept when asked for",
            "x-odd": "é" * 1000,
        }
        kept = event_row.kept_headers(given, wanted=("topic", "authorization"))
        self.assertEqual(sorted(kept), ["content-type", "topic", "x-odd", "x-shopify-topic"])
        self.assertEqual(kept["x-shopify-topic"], "orders/create")
        self.assertEqual(len(kept["x-odd"]), 500)
