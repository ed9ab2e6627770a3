import time

from odoo.tests import tagged

from ..tools.event_path import MAX_STEPS, find
from ..tools.refused import Refused
from ..tools.safe_pattern import refuse_pattern
from .event_common import EventCommon

BODIES = {
    "empty": b"",
    "spaces": b"  \n",
    "no JSON": b"{'a': 1}",
    "half": b'{"a": ',
    "invalid UTF-8": b'{"type": "\xff\xfe"}',
    "deep lists": b"[" * 100_000,
    "deep and whole": b"[" * 50_000 + b"]" * 50_000,
    "65 levels": b"[" * 70 + b"]" * 70,
    "duplicate keys": b'{"type": "paid", "type": "failed"}',
    "NaN": b'{"type": NaN}',
    "Infinity": b'{"type": -Infinity}',
    "huge integer": b'{"type": ' + b"9" * 100_000 + b"}",
    "huge float": b'{"type": 1e999}',
    "long float": b'{"type": 0.' + b"1" * 100_000 + b"}",
    "NUL": b'{"type": "a\\u0000b"}',
    "half a character": b'{"type": "\\ud800"}',
    "NUL in a key": b'{"a\\u0000": 1}',
    "NUL in a key that comes twice": b'{"\\u0000": 1, "\\u0000": 2}',
    "half a character in a key that comes twice": b'{"\\ud800": 1, "\\ud800": 2}',
    "many nodes": b"[" + b"0," * 300_000 + b"0]",
    "a list": b"[1, 2, 3]",
    "a text": b'"failed"',
    "null": b"null",
    "byte order mark": b'\xef\xbb\xbf{"type": 7}',
}


@tagged("post_install", "-at_install")
class TestEventHostile(EventCommon):
    """Whatever comes in ends as a dead letter with a reason: no exception, and never slow."""

    def test_bodies(self):
        """Each odd body is dead, with a sentence."""
        for name, body in BODIES.items():
            with self.subTest(name=name):
                started = time.thread_time()
                event = self._push(body)
                self.assertEqual(event.attempts, 1)
                self.assertLess(time.thread_time() - started, 2)
                self.assert_event(event, "dead")
                self.assertTrue(event.reason.endswith((".", ")")), event.reason)

    def test_bad_ones_do_not_harm_the_good(self):
        """In one batch the good are understood and the bad are dead."""
        events = self.env["exception.event"]
        for body in BODIES.values():
            events |= self._store(body)
        good = self._store(self._payload())
        self._understand(events | good)
        self.assert_event(good, "done")
        self.assertEqual(set(events.mapped("state")), {"dead"})

    def test_values_that_are_none(self):
        """Values of the wrong type or size are named in the reason."""
        wrong = {
            "amount": ["12,30", True, {"a": 1}, "1e400", 10**20, "NaN"],
            "at": ["yesterday", [], 10**18, "0001-01-01"],
            "currency": ["XXX1", 7, "EURO EURO EURO"],
            "customer": ["x" * 5000, {"id": 1}],
            "severity": ["very", 9],
            "facts": [[1], {f"f{n}": n for n in range(50)}],
            "id": ["x" * 500, {"a": 1}],
            "story": [["a", {"b": 1}]],
        }
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name=name, value=str(value)[:40]):
                    payload = {"amount": 1, "currency": "EUR", **self._payload(), name: value}
                    self.assert_event(self._push(payload), "dead")

    def test_expression_that_explodes(self):
        """An expression that means billions of steps on large data is stopped."""
        mapping = "{what: type, facts: {n: length(list[]" + ".[@, @, @][]" * 10 + ")}}"
        endpoint = self._create_endpoint(self._create_contract(mapping=mapping))
        started = time.thread_time()
        event = self._push(self._payload(list=list(range(5000))), endpoint)
        self.assert_event(event, "dead", "stopped")
        self.assertLess(time.thread_time() - started, 3)
        self.assertLess(MAX_STEPS, 1_000_000)

    def test_values_that_double(self):
        """A few steps that double a list or a text are stopped before the memory is full."""
        for path in (
            " | ".join(["[@, @][]"] * 40),
            " | ".join(["join('', [@, @])"] * 40),
            "join(@, [" + ", ".join(["@"] * 2000) + "])",
        ):
            with self.subTest(path=path[:30]), self.assertRaises(Refused):
                find(path, "x" * 20_000)

    def test_numbers_that_are_none(self):
        """What a sender calls a number is compared and looked for, or refused; nothing raises."""
        mapping = "{what: type, reference: customer, facts: {n: to_number(n)}}"
        contract = self._create_contract(
            mapping=mapping,
            subject_path=False,
            unmatched="ignore",
            match_ids=[(0, 0, {"how": "field", "model": "res.partner", "field_name": "color"})],
        )
        endpoint = self._create_endpoint(contract)
        for value in ("nan", "inf", "1e999", "9" * 5000):
            with self.subTest(value=value[:9]):
                self.assert_event(self._push(self._payload(n=value), endpoint), "dead", "facts")
        for value in ("²", "--5", "٣"):
            with self.subTest(value=value):
                event = self._push(self._payload(customer=value), endpoint)
                self.assert_event(event, "ignored")
        line = self.env["exception.event.reaction"].new({"field_name": "partner_latitude"})
        for value in ("inf", "1e999", "nan", "x"):
            self.assertTrue(self.env["exception.event"]._differs(line, self.partner, value))

    def test_patterns_that_take_long(self):
        """Patterns whose work doubles with each character are refused; usual ones are not."""
        for pattern in (
            "^(?:a?){30}b$",
            "^(?:a|aa){30}b$",
            "^" + "a?" * 30 + "a" * 30 + "$",
            "^" + "a{0,64}" * 5 + "b$",
        ):
            with self.subTest(pattern=pattern[:30]), self.assertRaises(Refused):
                refuse_pattern(pattern)
        for pattern in (
            "^[^@]+@[^@]+\\.[a-z]{2,10}$",
            "[0-9]+ of [0-9]+",
            "^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})$",
            "^[a-z]{1,20}([.][a-z_]{1,20})?$",
        ):
            with self.subTest(pattern=pattern):
                refuse_pattern(pattern)

    def test_keys_that_are_long(self):
        """Keys are compared with patterns, so they are no longer than texts may be."""
        for schema in ('"patternProperties": {"^a*a*$": {}}', '"additionalProperties": false'):
            endpoint = self._create_endpoint(self._create_contract(schema="{" + schema + "}"))
            started = time.thread_time()
            event = self._push(self._payload(**{"a" * 200_000 + "b": 1}), endpoint)
            self.assert_event(event, "dead", "too long")
            self.assertLess(time.thread_time() - started, 2)

    def test_keys_of_several_parts(self):
        """Two matters whose parts have the separator in other places stay two."""
        contract = self._create_contract(dedup_path="[a, b]", subject_path=False)
        endpoint = self._create_endpoint(contract)
        one = self._push(self._payload(a="x:y", b="z"), endpoint)
        other = self._push(self._payload(a="x", b="y:z"), endpoint)
        self.assertNotEqual(one.business_key, other.business_key)
        self.assert_event(one, "done")
        self.assert_event(other, "done")

    def test_schema_that_takes_long(self):
        """A schema whose check takes long on large data is stopped."""
        endpoint = self._create_endpoint(
            self._create_contract(
                schema='{"properties": {"list": {"items": {"anyOf": [{"enum": ["x"]},'
                ' {"type": "integer"}]}, "uniqueItems": true}}}'
            )
        )
        started = time.thread_time()
        values = [{"n": n} for n in range(20_000)]
        event = self._push(self._payload(list=values), endpoint)
        self.assert_event(event, "dead")
        contract = self._create_contract(
            schema='{"properties": {"list": {"uniqueItems": true}}}', unmatched="ignore"
        )
        endpoint = self._create_endpoint(contract)
        self.assert_event(self._push(self._payload(list=values), endpoint), "done")
        twice = self._push(self._payload("paid", 200, list=[*values, values[0]]), endpoint)
        self.assert_event(twice, "dead", "twice")
        self.assertLess(time.thread_time() - started, 4)
