"""What somebody without the secret may try at the door, against every scheme."""

import hashlib
import hmac
import json

from odoo.tests.common import tagged

from ..schemes.base import Message
from . import scheme_common as common
from .scheme_common import NOW, SIGNED, SchemeCase

WITH_HEADER = [*SIGNED, common.BEARER, common.BEARER_OWN]
EVERY = [*WITH_HEADER, common.ADYEN]


@tagged("post_install", "-at_install")
class TestSchemesAttacks(SchemeCase):
    def test_signed_is_accepted(self):
        for case in EVERY:
            with self.subTest(str(case)):
                self.assert_accepted(case, case.signed())

    def test_tampered_body(self):
        for case in SIGNED:
            message = case.signed()
            for body in (
                message.body + b" ",
                message.body.replace(b"12.3", b"99.3"),
                message.body[:-1],
                b"",
                # the same content, written anew
                json.dumps(json.loads(message.body), indent=1).encode(),
                json.dumps(json.loads(message.body), separators=(",", ":")).encode(),
            ):
                with self.subTest(f"{case} {body}"):
                    self.assert_refused(case, Message(body, message.headers))

    def test_wrong_secret(self):
        for case in EVERY:
            with self.subTest(str(case)):
                self.assert_refused(case, case.signed(case.other))

    def test_no_secret_lets_nobody_in(self):
        for case in EVERY:
            for secrets in ([], [""], [" "], ["", " \t"]):
                with self.subTest(f"{case} {secrets}"):
                    reason = self.assert_refused(case, case.signed(), secrets)
                    self.assertIn("no secret", reason)

    def test_signed_with_the_empty_key(self):
        code = hmac.new(b"", common.BODY, hashlib.sha256).hexdigest()
        github = common.HMACS[0]
        forged = Message(common.BODY, {github.header: f"sha256={code}"})
        self.assert_refused(github, forged, [""])
        self.assert_refused(github, forged, ["", github.secret])

    def test_header_missing_or_empty(self):
        for case in WITH_HEADER:
            message = case.signed()
            bare = {name: v for name, v in message.headers.items() if name != case.header}
            with self.subTest(str(case)):
                self.assertIn("missing", self.assert_refused(case, Message(message.body, bare)))
                for value in ("", "  ", "\t"):
                    changed = self.with_header(case, message, value)
                    self.assertIn("missing", self.assert_refused(case, changed))
                self.assert_refused(case, Message(message.body, {}))

    def test_odd_signatures(self):
        for case in WITH_HEADER:
            message = case.signed()
            right = message.headers[case.header]
            for value in (
                right[:-1],
                right + "0",
                right[:-2] + "zz",
                # what the server makes of a header that came twice
                f"{right},{right}",
                f"{right}, {right}",
                f"nonsense,{right}",
                ",",
                "=",
                "v1,",
                "t=,v1=",
                "v1",
                "ünïcödé",
                "☃" * 64,
                "\udcff\ud800",
                "\x00" * 64,
                "١٢٣٤",
                "A" * 100_000,
                "v1,A " * 40_000,
                "v1=A," * 40_000,
            ):
                with self.subTest(f"{case} {value[:80]!r}"):
                    self.assert_refused(case, self.with_header(case, message, value))

    def test_stamp_outside_tolerance(self):
        for case in (one for one in SIGNED if one.stamped):
            with self.subTest(str(case)):
                tolerance = case.settings.tolerance
                for offset in (0, tolerance, -tolerance):
                    self.assert_accepted(case, case.signed(now=NOW + offset))
                old = self.assert_refused(case, case.signed(now=NOW - tolerance - 1))
                self.assertIn("too old", old)
                coming = self.assert_refused(case, case.signed(now=NOW + tolerance + 1))
                self.assertIn("in the future", coming)

    def test_stamp_is_signed(self):
        """A recorded message gets no new stamp."""
        for case in (one for one in SIGNED if one.stamped):
            with self.subTest(str(case)):
                message, fresh = case.signed(now=NOW - 4000), str(NOW)
                old = str(NOW - 4000)
                headers = {name: v.replace(old, fresh) for name, v in message.headers.items()}
                self.assertNotEqual(headers, message.headers)
                self.assert_refused(case, Message(message.body, headers))

    def test_odd_stamps(self):
        for case, name in (
            (common.STANDARD, "webhook-timestamp"),
            (common.HMACS[1], "x-slack-request-timestamp"),
        ):
            message = case.signed()
            for stamp in ("", "x", "nan", "inf", "1e9", "-1", "0x65", "9" * 5000, f"{NOW}.0", "١٧"):
                with self.subTest(f"{case} {stamp[:20]}"):
                    changed = Message(message.body, {**message.headers, name: stamp})
                    self.assert_refused(case, changed)

    def test_rotation(self):
        """While both are live, what either signed comes in; of a third nothing does."""
        for case in EVERY:
            both = [case.other, case.secret]
            third = case.secret[:-1] + ("c" if case.secret[-1] != "c" else "d")
            if case.code == "standard_webhooks":
                third = case.scheme.new_secret()
            with self.subTest(str(case)):
                self.assert_accepted(case, case.signed(case.secret), both)
                self.assert_accepted(case, case.signed(case.other), both)
                self.assert_refused(case, case.signed(third), both)
                # a secret that cannot be read does not shut out the other one
                self.assert_accepted(case, case.signed(), ["", case.secret])
                self.assert_accepted(case, case.signed(), ["ünreadable ☃", case.secret])

    def test_replay_has_the_same_identity(self):
        for case in EVERY:
            message = case.signed()
            with self.subTest(str(case)):
                first = case.scheme.identity(message, case.settings)
                # whatever is not signed may be changed by whoever recorded it
                extra = {"x-shopify-webhook-id": "new", "x-request-id": "new", "x-id": "new"}
                again = Message(message.body, {**message.headers, **extra})
                self.assert_accepted(case, again)
                self.assertEqual(case.scheme.identity(again, case.settings), first)

    def test_ids_that_could_be_read_in_two_ways(self):
        """Signed by who has the secret, and refused: what is signed has to be one message only."""
        for case, ident in (
            (common.STANDARD, f"msg.{NOW}"),
            (common.STANDARD, "a b"),
            (common.STANDARD, "a" * 201),
            (common.STANDARD, 'msg{"a":1'),
            (common.HMACS[2], "a" * 201),
            (common.HMACS[2], 'msg{"a":1'),
        ):
            message = case.scheme.sign(case.body, case.secret, case.settings, NOW, ident)
            with self.subTest(f"{case} {ident[:20]}"):
                self.assert_refused(case, message)

    def test_identity_is_signed(self):
        for case, name in ((common.STANDARD, "webhook-id"), (common.HMACS[2], "x-message-id")):
            message = case.signed()
            self.assertEqual(case.scheme.identity(message, case.settings), "msg-1")
            for ident in ("msg-2", "", "msg-1,msg-1", "a" * 201, "a b", "ü", f"msg-1.{NOW}"):
                with self.subTest(f"{case} {ident[:20]}"):
                    changed = Message(message.body, {**message.headers, name: ident})
                    self.assert_refused(case, changed)
