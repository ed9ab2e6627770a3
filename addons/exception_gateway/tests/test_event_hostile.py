import time

from odoo.tests import tagged

from ..tools.event_path import MAX_STEPS
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
