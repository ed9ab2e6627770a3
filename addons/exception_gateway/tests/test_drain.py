from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import exception_event_drain, exception_event_work
from ..tools.outcome import Outcome
from .gateway_common import GatewayCommon

QUIET = "odoo.addons.exception_gateway.models.exception_event_work"


@tagged("post_install", "-at_install")
class TestDrain(GatewayCommon):
    """From received to done: states, retries, and what a dead process leaves."""

    @classmethod
    def setUpClass(cls):
        """Make an endpoint whose events wait."""
        super().setUpClass()
        cls.env["exception.event"].search([("state", "in", ("received", "failed"))]).write(
            {"state": "ignored"}
        )
        cls.endpoint = cls._create_endpoint()

    def setUp(self):
        super().setUp()
        self.seen = []
        self.events = type(self.env["exception.event"])

    def _understood(self, outcome=None):
        """Replace understanding: note who is asked, and answer with an outcome or a function."""
        seen = self.seen

        def understand(events):
            seen.append(len(events))
            answer = outcome or (lambda event: Outcome("done"))
            return {event.id: answer(event) for event in events}

        return patch.object(self.events, "_understand", understand)

    def _drain(self):
        self.env["exception.event"]._drain()

    def test_a_batch_is_understood_at_once(self):
        events = self._create_events(self.endpoint, 450)
        with self._understood(lambda event: Outcome("ignored", f"as {event.name}")):
            self._drain()
        self.assertEqual(self.seen, [200, 200, 50])
        self.assertEqual(set(events.mapped("state")), {"ignored"})
        self.assertEqual(events[7].reason, "as test.7")
        self.assertEqual(set(events.mapped("attempts")), {1})
        self.assertTrue(all(events.mapped("done_at")))

    def test_large_events_come_in_smaller_batches(self):
        half = exception_event_drain.BATCH_BYTES // 2
        self._create_events(self.endpoint, 5, size=half)
        self._create_events(self.endpoint, 1, prefix="huge", size=10 * half)
        with self._understood():
            self._drain()
        self.assertEqual(self.seen, [2, 2, 2])

    def test_statements_do_not_grow_with_the_events(self):
        def statements(count):
            self._create_events(self.endpoint, count, prefix=f"of {count}")
            before = self.env.cr.sql_log_count
            with self._understood():
                self._drain()
            return self.env.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(90), statements(2))

    def test_further_columns_are_written_with_the_state(self):
        event = self._create_events(self.endpoint, 1)
        later = fields.Datetime.now() + timedelta(hours=1)
        values = {"name": "renamed", "headers": {"a": 1}, "next_at": later}
        with self._understood(lambda event: Outcome("parked", "waits", values)):
            self._drain()
        self.assertEqual((event.state, event.name, event.headers), ("parked", "renamed", {"a": 1}))
        self.assertTrue(event.next_at)
        self.assertFalse(event.done_at)

    @mute_logger(QUIET)
    def test_one_that_raises_does_not_keep_the_others(self):
        events = self._create_events(self.endpoint, 5)
        partner = self.env["res.partner"].create({"name": "Effects"})

        def answer(event):
            partner.write({"comment": f"{partner.comment or ''}{event.name} "})
            if event == events[2]:
                raise ValueError("cannot be read")
            return Outcome("done")

        with self._understood(answer):
            self._drain()
        self.assertEqual(self.seen, [5, 1, 1, 1, 1, 1])
        self.assertEqual(events.mapped("state"), ["done", "done", "failed", "done", "done"])
        self.assertEqual((events[2].reason, events[2].attempts), ("cannot be read", 1))
        # what the batch and the failed one wrote is gone: each effect is there once
        for number in (0, 1, 3, 4):
            self.assertEqual(str(partner.comment).count(f"test.{number} "), 1)
        self.assertNotIn("test.2", str(partner.comment))

    @mute_logger(QUIET, "odoo.sql_db")
    def test_what_the_database_refuses_is_said_without_its_values(self):
        event = self._create_events(self.endpoint, 1)

        def answer(event):
            self.env.cr.execute(
                "INSERT INTO exception_event_refusal (kind, process) VALUES ('Ann Smith', 'x')"
            )

        with self._understood(answer):
            self._drain()
        self.assertEqual(event.state, "failed")
        self.assertIn("not-null", event.reason)
        self.assertNotIn("Ann", event.reason)

    @mute_logger(QUIET)
    def test_one_without_outcome_fails(self):
        events = self._create_events(self.endpoint, 2)

        def understand(them):
            return {event.id: Outcome("done") for event in them if event != events[0]}

        with patch.object(self.events, "_understand", understand):
            self._drain()
        self.assertEqual(events.mapped("state"), ["failed", "done"])

    def test_failed_is_tried_again_later_and_dead_at_last(self):
        now = fields.Datetime.now()
        event = self._create_events(self.endpoint, 1)
        waits = []
        with self._understood(lambda event: Outcome("failed", "not yet")):
            for number, patience in enumerate((*exception_event_work.PATIENCE, None), start=1):
                with freeze_time(now):
                    self._drain()
                    # not due yet
                    self._drain()
                    self.assertEqual(event.attempts, number)
                    if patience:
                        self.assertEqual(event.state, "failed")
                        waits.append((event.next_at - now).total_seconds() / patience)
                now += timedelta(seconds=1.3 * (patience or 0) + 1)
        self.assertTrue(all(0.9 <= wait <= 1.3 for wait in waits), waits)
        self.assertEqual((event.state, event.reason, event.next_at), ("dead", "not yet", False))
        self.assertEqual(len(self.seen), 6)

    def test_what_a_dead_process_left_is_taken_up_one_by_one(self):
        events = self._create_events(self.endpoint, 3)
        events.write({"state": "processing"})
        with self._understood():
            self._drain()
        self.assertEqual(self.seen, [1, 1, 1])
        self.assertEqual(set(events.mapped("state")), {"done"})

    def test_what_processes_die_of_is_dead_at_last(self):
        event = self._create_events(self.endpoint, 1)
        event.write({"state": "processing", "attempts": 6})
        with self._understood():
            self._drain()
        self.assertEqual((self.seen, event.state), ([], "dead"))
        self.assertIn("6 times", event.reason)

    def test_endpoints_take_turns(self):
        other = self._create_endpoint(name="Other")
        self._create_events(self.endpoint, 450)
        self._create_events(other, 10)
        order = []

        def understand(events):
            order.append(events.endpoint_id.name)
            return {event.id: Outcome("done") for event in events}

        with patch.object(self.events, "_understand", understand):
            self._drain()
        self.assertEqual(order.index("Other"), 1)
        self.assertEqual(len(order), 4)

    def test_time_that_is_over_is_given_to_another_job(self):
        self._create_events(self.endpoint, 150)
        jobs = [("identity_key", "=", exception_event_drain.JOB_KEY), ("state", "=", "pending")]
        before = self.env["queue.job"].search_count(jobs)
        with self._understood():
            self.env["exception.event"]._drain(seconds=-1)
        self.assertEqual(self.seen, [])
        self.assertEqual(self.env["queue.job"].search_count(jobs), max(before, 1))
        # asked again, the one that waits is enough
        self.env["exception.event"]._enqueue_drain()
        self.assertEqual(self.env["queue.job"].search_count(jobs), max(before, 1))
        job = self.env["queue.job"].search(jobs, limit=1)
        self.assertEqual(job.channel, "root.exception_events")

    def test_events_are_understood_in_their_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        there = self._create_endpoint(name="There", company_id=company.id)
        self._create_events(there, 1)
        found = []

        def understand(events):
            found.append((events.env.company, events.env.companies, events.env.uid, events.env.su))
            return {event.id: Outcome("done") for event in events}

        with patch.object(self.events, "_understand", understand):
            self._drain()
        self.assertEqual(found[0][:2], (company, company))
        self.assertEqual(found[0][2:], (1, True))
