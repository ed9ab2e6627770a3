import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools import mask
from .gateway_common import GatewayCommon


@tagged("post_install", "-at_install")
class TestRetention(GatewayCommon):
    """How long events are kept, and what never goes."""

    @classmethod
    def setUpClass(cls):
        """Make an endpoint that keeps contents for 30 days and events for 100."""
        super().setUpClass()
        cls.endpoint = cls._create_endpoint(keep_body_days=30, keep_days=100)

    def _aged(self, days, state, count=1, **values):
        received_at = fields.Datetime.now() - timedelta(days=days)
        prefix = f"{state} {days} {values}"
        return self._create_events(
            self.endpoint, count, prefix=prefix, received_at=received_at, state=state, **values
        )

    def _clean(self):
        self.env["exception.event"]._cron_retention()
        self.env.invalidate_all()

    def test_contents_go_first(self):
        young, old = self._aged(29, "done"), self._aged(31, "done")
        ignored = self._aged(31, "ignored")
        waiting = [self._aged(31, s) for s in ("dead", "failed", "parked", "received")]
        self._clean()
        self.assertTrue(young.body)
        self.assertTrue(all(event.body for event in waiting))
        for event in (old, ignored):
            self.assertFalse(event.body or event.headers)
            self.assertTrue(event.body_hash)
        self.assertIn("not kept any more", old.content)

    def test_rows_go_later(self):
        gone = self._aged(101, "done") + self._aged(101, "dead") + self._aged(101, "ignored")
        kept = self._aged(101, "failed") + self._aged(101, "parked") + self._aged(99, "done")
        self._clean()
        self.assertFalse(gone.exists())
        self.assertEqual(kept.exists(), kept)

    def test_the_story_goes_with_its_newest_event(self):
        old, young = self._aged(101, "done"), self._aged(99, "done")
        stories = self.env["exception.event.newest"].create(
            [
                {
                    "endpoint_id": self.endpoint.id,
                    "family": "test",
                    "subject": f"story {event.id}",
                    "value": 1,
                    "event_id": event.id,
                }
                for event in (old, young)
            ]
        )
        self._clean()
        self.assertEqual(stories.exists(), stories[1])

    def test_what_cases_refer_to_stays(self):
        linked, closed = self._aged(101, "done", count=2)
        about = self._aged(102, "done")
        case = self._create_case()
        linked.case_ids = case
        closed.case_ids = self._create_case(state="closed", is_open=False)
        self._create_case(res_model="exception.event", res_id=about.id)
        self._clean()
        self.assertTrue(linked.body and about.body)
        self.assertTrue(closed.exists())
        self.assertFalse(closed.body)

    def test_what_other_events_refer_to_goes_after_them(self):
        parent, original = self._aged(101, "done", count=2)
        child = self._aged(102, "done", parent_id=parent.id)
        replay = self._aged(50, "done", replay_of_id=original.id)
        self._clean()
        self.assertFalse(child.exists())
        self.assertTrue(original.exists() and replay.exists())
        self._clean()
        self.assertFalse(parent.exists())

    def test_for_ever(self):
        self.endpoint.write({"keep_body_days": 0, "keep_days": 0})
        event = self._aged(4000, "done")
        self._clean()
        self.assertTrue(event.body)

    def test_not_shorter_than_senders_repeat(self):
        for values in ({"keep_days": 3}, {"keep_days": -1}, {"keep_body_days": -1}):
            with self.assertRaises(ValidationError):
                self.endpoint.write(values)


@tagged("post_install", "-at_install")
class TestContent(GatewayCommon):
    """Who sees what of a message."""

    @classmethod
    def setUpClass(cls):
        """Make an event about a person."""
        super().setUpClass()
        cls.endpoint = cls._create_endpoint()
        body = {
            "type": "order.paid",
            "customerEmail": "ann@example.com",
            "shipping": {"street": "Main 1", "zip": 1010},
            "total": 12.5,
            "text": "Ask ann@example.com, please",
            "lines": [{"sku": "A-1", "quantity": 3}],
        }
        cls.event = cls._create_events(
            cls.endpoint,
            1,
            body=base64.b64encode(json.dumps(body).encode()),
            headers={"x-topic": "orders"},
        )

    def test_without_the_right_persons_are_hidden(self):
        event = self.event.with_user(self.user_manager)
        for hidden in ("ann@", "Main 1", "1010"):
            self.assertNotIn(hidden, event.content)
        for seen in ("12.5", "A-1", "order.paid", "Ask"):
            self.assertIn(seen, event.content)
        self.assertTrue(event.is_masked)
        for name in ("body", "headers", "header_lines"):
            with self.assertRaises(AccessError):
                event.read([name])

    def test_with_the_right_all_is_seen(self):
        for role in ("admin", "auditor"):
            event = self.event.with_user(self.users[role])
            self.assertIn("ann@example.com", event.content)
            self.assertEqual(event.header_lines, "x-topic: orders")
            self.assertFalse(event.is_masked)

    def test_agents_see_the_events_of_their_cases(self):
        private = self._create_team(private=True)
        events = self.event + self._create_events(self.endpoint, 2, prefix="other")
        self.event.case_ids = self._create_case()
        events[1].case_ids = self._create_case(team_id=private.id)
        self.env.flush_all()
        mine = [("id", "in", events.ids)]
        found = {
            role: self.env["exception.event"].with_user(self.users[role]).search(mine)
            for role in ("agent", "manager", "auditor")
        }
        self.assertEqual(found["agent"], self.event)
        self.assertEqual(len(found["manager"]), 3)
        self.assertEqual(len(found["auditor"]), 3)

    def test_agents_see_no_content(self):
        self.event.case_ids = self._create_case()
        for name in ("content", "body", "headers"):
            with self.assertRaises(AccessError):
                self.event.with_user(self.user_agent).read([name])

    def test_what_is_not_read_is_not_searched(self):
        """Whoever could ask how it begins, letter by letter, would have read it in the end."""
        self.event.case_ids = self._create_case()
        self.env.flush_all()
        asked = [("body", "like", "eyJ%")], [("headers", "like", "orders")]
        for role in ("agent", "manager"):
            events = self.env["exception.event"].with_user(self.users[role])
            for domain in asked:
                for search in (events.search, events.search_count, events.search_read):
                    with self.assertRaises(AccessError):
                        search(domain)
            with self.assertRaises(AccessError):
                events.read_group(asked[0], ["id"], ["state"])
            with self.assertRaises(AccessError):
                events.search([], order="id, body desc")
            for path in ("event_ids.body", "event_ids.parent_id.body"):
                with self.assertRaises(AccessError):
                    events.env["exception.case"].search([(path, "like", "eyJ")])
            self.assertTrue(events.search([("id", "=", self.event.id)], order="name desc"))
        auditor = self.env["exception.event"].with_user(self.user_auditor)
        self.assertTrue(auditor.search([("headers", "!=", False), ("id", "=", self.event.id)]))
        with self.assertRaises(AccessError):
            auditor.env["exception.event.secret"].search([("sealed", "like", "g")])

    def test_each_endpoint_says_what_is_hidden(self):
        self.endpoint.masked_names = "sku, total"
        content = self.event.with_user(self.user_manager).content
        self.assertNotIn("A-1", content)
        self.assertNotIn("12.5", content)
        self.assertIn("Main 1", content)
        self.assertNotIn("ann@", content)

    def test_odd_contents_are_not_shown_by_accident(self):
        words = mask.WORDS.split()
        for body in (b"ann@example.com", b"\xff\x00", b"[" * 100_000, b'{"a":' * 500):
            self.assertIsNone(mask.shown(body, words))
            self.assertTrue(mask.shown(body))
        deep = b'{"a":' * 80 + b'"ann"' + b"}" * 80
        self.assertNotIn("ann", mask.shown(deep, words))
        self.assertIn("ann", mask.shown(deep))
        self.assertTrue(mask.shown(b'"\\ud800\\u0000"', words))
        self.assertLess(len(mask.shown(b'"' + b"x" * 500_000 + b'"')), 110_000)
