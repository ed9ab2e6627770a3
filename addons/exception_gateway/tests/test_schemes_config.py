"""What an admin enters: refused when entered, not when the first message comes."""

import dataclasses
import json

from odoo.tests.common import BaseCase, tagged

from ..schemes import registry
from ..schemes.base import Message, Misconfigured, Scheme, Settings
from . import scheme_common as common
from .scheme_common import NOW, SchemeCase

ALL = ["adyen", "bearer", "easypost", "hmac_sha256", "shopify", "standard_webhooks", "stripe"]


@tagged("post_install", "-at_install")
class TestSchemesRegistry(BaseCase):
    def test_all_are_offered(self):
        choices = dict(registry.choices())
        self.assertEqual([code for code in ALL if code not in choices], [])
        self.assertTrue(all(isinstance(title, str) for title in choices.values()))
        self.assertIsNone(registry.get("carrier_pigeon"))

    def test_uses_are_settings(self):
        known = {field.name for field in dataclasses.fields(Settings)}
        for code in ALL:
            self.assertLessEqual(set(registry.get(code).uses), known)

    def test_code_is_taken_once(self):
        class Another(Scheme):
            code = "stripe"

        with self.assertRaises(ValueError):
            registry.register(Another)


@tagged("post_install", "-at_install")
class TestSchemesConfig(SchemeCase):
    def test_new_secrets(self):
        """Ours pass their own check and differ; a vendor's is entered."""
        for code in ALL:
            scheme = registry.get(code)
            secret = scheme.new_secret()
            with self.subTest(code):
                self.assertEqual(secret is None, code in ("stripe", "shopify", "adyen"))
                if secret:
                    scheme.check_secret(secret)
                    self.assertNotEqual(secret, scheme.new_secret())

    def test_secrets_that_cannot_be(self):
        for code, secret in (
            ("standard_webhooks", ""),
            ("standard_webhooks", "whsec_"),
            ("standard_webhooks", "whsec_c2hvcnQ="),
            ("standard_webhooks", "whsec_no base64 at all, but long"),
            ("adyen", ""),
            ("adyen", "0a0b"),
            ("adyen", "not hexadecimal"),
            ("bearer", ""),
            ("bearer", "short"),
            ("bearer", "a token with spaces in it"),
            ("bearer", "ünïcödé-töken-which-is-long"),
        ):
            with self.subTest(f"{code} {secret}"), self.assertRaises(Misconfigured):
                registry.get(code).check_secret(secret)

    def test_settings_that_cannot_be(self):
        good = Settings(header="X-Signature")
        scheme = registry.get("hmac_sha256")
        scheme.check(good)
        for values in (
            {"header": ""},
            {"header": "X Signature"},
            {"header": "X-Signature:"},
            {"encoding": "rot13"},
            {"template": ""},
            {"template": "{timestamp}"},
            # could be changed on the way
            {"timestamp_header": "X-Time"},
            {"template": "{timestamp}.{body}"},
            {"template": "{id}.{body}"},
            {"timestamp_header": "X-Time", "template": "{timestamp}.{body}", "tolerance": 0},
        ):
            with self.subTest(str(values)), self.assertRaises(Misconfigured):
                scheme.check(dataclasses.replace(good, **values))

    def test_header_names_in_any_case(self):
        case = common.HMACS[0]
        odd = dataclasses.replace(case.settings, header="x-HUB-signature-256")
        case.scheme.verify(case.signed(), [case.secret], odd, NOW)

    def test_upper_case_digits(self):
        case = common.HMACS[0]
        message = case.signed()
        prefix, digits = message.headers[case.header].split("=")
        self.assert_accepted(case, self.with_header(case, message, f"{prefix}={digits.upper()}"))

    def test_several_signatures(self):
        case = common.HMACS[0]
        message, other = case.signed(), case.signed(case.other).headers[case.header]
        both = f"{other} {message.headers[case.header]}"
        self.assert_accepted(case, self.with_header(case, message, both))
        self.assert_refused(case, self.with_header(case, message, f"{other} {other}"))
        digits = message.headers[case.header].partition("=")[2]
        self.assert_refused(case, self.with_header(case, message, f"sha999={digits}"))

    def test_word_before_the_signature(self):
        settings = Settings(header="Authorization", prefix="HMAC ")
        case = dataclasses.replace(common.HMACS[0], settings=settings, header="authorization")
        message = case.signed()
        self.assertTrue(message.headers["authorization"].startswith("HMAC "))
        self.assert_accepted(case, message)
        bare = message.headers["authorization"].removeprefix("HMAC ")
        self.assert_refused(case, self.with_header(case, message, bare))

    def test_marks_in_the_body_stay(self):
        """A body cannot pull the stamp to another place."""
        for case in common.HMACS:
            body = b'{"type": "{timestamp}{id}{body}"}'
            self.assert_accepted(case, case.signed(body=body))

    def test_stamps_in_other_forms(self):
        """Seconds, milliseconds and ISO 8601."""
        settings = Settings(
            header="X-Signature", timestamp_header="X-Time", template="{timestamp}{body}"
        )
        case = dataclasses.replace(common.HMACS[0], settings=settings, header="x-signature")
        scheme, key = case.scheme, case.secret.encode()
        for stamp, fresh in (
            (str(NOW), True),
            (f"{NOW}250", True),
            ("2026-01-01T00:01:00Z", True),
            ("2026-01-01T00:01:00.123Z", True),
            ("2026-01-01T01:01:00+01:00", True),
            ("2026-01-01T00:01:00+01:00", False),
            ("2025-12-31T00:01:00Z", False),
            ("2026-13-01T00:01:00Z", False),
            ("9999-12-31T23:59:59-14:00", False),
            ("0001-01-01T00:00:00+14:00", False),
        ):
            content = scheme._content(settings, common.BODY, stamp, "")
            code = scheme._encode(key, content, settings).decode()
            message = Message(common.BODY, {"x-time": stamp, "x-signature": code})
            with self.subTest(stamp):
                (self.assert_accepted if fresh else self.assert_refused)(case, message)

    def test_bearer_in_odd_case(self):
        case = common.BEARER
        for value, good in (
            (f"bearer {case.secret}", True),
            (f"BEARER  {case.secret} ", True),
            (f"Basic {case.secret}", False),
            (case.secret, False),
            ("Bearer", False),
            (f"Bearer {case.secret.upper()}", False),
        ):
            message = Message(common.BODY, {"authorization": value})
            with self.subTest(value):
                (self.assert_accepted if good else self.assert_refused)(case, message)

    def test_names_from_the_content(self):
        """An id or kind is a short text at the top; all else has none."""
        for content, expected in (
            ({"id": "evt_1"}, "evt_1"),
            ({"id": 5}, None),
            ({"id": ""}, None),
            ({"id": "a" * 201}, None),
            ({"id": "a\u0000b"}, None),
            ({"id": ["evt_1"]}, None),
            (["id"], None),
            (None, None),
        ):
            with self.subTest(str(content)[:40]):
                message = Message(json.dumps(content).encode())
                self.assertEqual(common.STRIPE.scheme.identity(message, Settings()), expected)
        for body in (b"", b"\xff", b"{", b"[" * 100_000):
            self.assertIsNone(common.STRIPE.scheme.identity(Message(body), Settings()))
