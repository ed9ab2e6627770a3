"""Adyen signs inside the body, so that attacks look different there."""

import json

from Adyen.util import generate_notification_sig

from odoo.tests.common import tagged

from ..schemes.base import Message, Misconfigured
from .scheme_common import ADYEN, ITEM, SchemeCase


def _message(*items):
    wrapped = [{"NotificationRequestItem": item} for item in items]
    return Message(json.dumps({"notificationItems": wrapped}).encode())


@tagged("post_install", "-at_install")
class TestSchemesAdyen(SchemeCase):
    def setUp(self):
        super().setUp()
        signed = json.loads(ADYEN.signed().body)
        self.item = signed["notificationItems"][0]["NotificationRequestItem"]

    def test_answer(self):
        self.assertEqual(ADYEN.scheme.answer, (200, b"[accepted]"))

    def test_every_signed_field(self):
        for name, value in (
            ("pspReference", "T7FD4VM4D3RZNN83"),
            ("originalReference", "X"),
            ("merchantAccountCode", "Other"),
            ("merchantReference", "S00043"),
            ("amount", {"value": 1, "currency": "EUR"}),
            ("amount", {"value": 1000, "currency": "USD"}),
            ("amount", {"value": 1000.0, "currency": "EUR"}),
            ("amount", {"value": True, "currency": "EUR"}),
            ("amount", None),
            ("amount", [1000, "EUR"]),
            ("eventCode", "CAPTURE"),
            ("eventCode", None),
            ("success", "false"),
            ("success", True),
            ("success", ["true"]),
            ("additionalData", {}),
            ("additionalData", None),
            ("additionalData", ["x"]),
            ("additionalData", {"hmacSignature": ""}),
            ("additionalData", {"hmacSignature": None}),
            ("additionalData", {"hmacSignature": 5}),
            ("additionalData", {"hmacSignature": "☃"}),
            ("additionalData", {"hmacSignature": "\ud800"}),
        ):
            with self.subTest(f"{name} {value}"):
                self.assert_refused(ADYEN, _message({**self.item, name: value}))

    def test_one_bad_item_among_good_ones(self):
        self.assert_accepted(ADYEN, _message(self.item, self.item))
        forged = {**self.item, "success": "false"}
        self.assert_refused(ADYEN, _message(self.item, forged))
        self.assert_refused(ADYEN, _message(forged, self.item))

    def test_colon_cannot_be_moved(self):
        """Nothing is escaped, so one signed text must not be read as two messages."""
        reference = "S1:5:EUR:CHARGEBACK:true"
        signed = ADYEN.signed(body=_message({**ITEM, "merchantReference": reference}).body)
        self.assert_accepted(ADYEN, signed)
        item = json.loads(signed.body)["notificationItems"][0]["NotificationRequestItem"]
        account = {"merchantAccountCode": "Shop:S1", "merchantReference": reference[3:]}
        self.assert_refused(ADYEN, _message({**item, **account}))
        moved = {
            "merchantReference": "S1",
            "amount": {"value": 5, "currency": "EUR"},
            "eventCode": "CHARGEBACK",
            "success": "true:1000:EUR:CAPTURE_FAILED:true",
        }
        self.assert_refused(ADYEN, _message({**item, **moved}))

    def test_signed_and_yet_no_item(self):
        """What Adyen would never send is refused, whoever has signed it."""
        for name, value in (
            ("amount", {"value": "1e3", "currency": "EUR"}),
            ("amount", {"value": "", "currency": "EUR"}),
            ("amount", {"value": True, "currency": "EUR"}),
            ("amount", {"value": 10.5, "currency": "EUR"}),
            ("amount", {"value": 1, "currency": "euro"}),
            ("eventCode", "capture"),
            ("success", "True"),
            ("pspReference", ""),
            ("merchantAccountCode", "a:b"),
        ):
            item = {**ITEM, name: value}
            code = generate_notification_sig(item, ADYEN.secret).decode()
            with self.subTest(f"{name} {value}"):
                signed = {**item, "additionalData": {"hmacSignature": code}}
                self.assert_refused(ADYEN, _message(signed))

    def test_too_many_items(self):
        self.assert_accepted(ADYEN, _message(*[self.item] * 50))
        self.assert_refused(ADYEN, _message(*[self.item] * 51))

    def test_name_twice(self):
        """One reader may take the first, another the last."""
        body = ADYEN.signed().body
        twice = body.replace(b'"success": "true"', b'"success": "false", "success": "true"')
        self.assertNotEqual(twice, body)
        self.assert_refused(ADYEN, Message(twice))

    def test_bodies_that_are_none(self):
        for body in (
            b"",
            b"null",
            b"[]",
            b"5",
            b"{}",
            b'{"notificationItems": []}',
            b'{"notificationItems": {}}',
            b'{"notificationItems": [null]}',
            b'{"notificationItems": [{"NotificationRequestItem": 5}]}',
            b"\xff",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"amount": ' + b"9" * 10_000 + b"}",
            json.dumps({"notificationItems": [{"NotificationRequestItem": ITEM}] * 51}).encode(),
        ):
            with self.subTest(body[:40]):
                self.assert_refused(ADYEN, Message(body))

    def test_identity(self):
        """Told by what is signed; the order of members and what is unsigned do not count."""

        def identity(*items):
            return ADYEN.scheme.identity(_message(*items), ADYEN.settings)

        shuffled = dict(reversed(self.item.items()))
        self.assertEqual(identity(self.item), identity({**shuffled, "reason": "new"}))
        others = {
            identity(self.item),
            identity({**self.item, "eventCode": "CAPTURE"}),
            identity({**self.item, "success": "false"}),
            identity({**self.item, "pspReference": "Z"}),
            identity(self.item, self.item),
        }
        self.assertEqual(len(others), 5)

    def test_sign(self):
        several = ADYEN.signed(body=_message(ITEM, {**ITEM, "pspReference": "Z"}).body)
        self.assert_accepted(ADYEN, several)
        kind = ADYEN.scheme.kind(several, ADYEN.settings)
        self.assertEqual(kind, "CAPTURE_FAILED")
        with self.assertRaises(Misconfigured):
            ADYEN.signed(body=b'{"type": "thing"}')
