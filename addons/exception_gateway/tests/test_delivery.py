import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.queue_job.tests.common import trap_jobs

from ..tools import lanes
from ..tools.lanes import Result
from .delivery_common import DeliveryCommon

START = "2026-03-02 08:00:00"


class TestDelivery(DeliveryCommon):
    """Sending, trying again, giving up and sending once more."""

    def setUp(self):
        super().setUp()
        self.one = self._create_subscription(waits="10s, 1m")

    def _later(self, **delta):
        return fields.Datetime.from_string(START) + timedelta(**delta)

    def test_delivered(self):
        case = self._create_case()
        self._send(202)
        [delivery] = self._deliveries(self.one)
        self.assertEqual(
            (delivery.state, delivery.attempts, delivery.status), ("delivered", 1, 202)
        )
        self.assertTrue(delivery.done_at)
        self.assertEqual(delivery.attempt_ids.status, 202)
        self.assertIn("delivery.sent", case.audit_ids.mapped("event"))
        self.assertTrue(self.one.delivered_at)
        self._send()
        self.assertEqual(len(self.arrived), 1)

    def test_signed_for_the_receivers_library(self):
        self._create_case()
        self._send()
        [parcel] = self.arrived
        headers = lanes.signed(parcel)
        payload = Webhook(parcel.secrets[0]).verify(parcel.body, headers)
        self.assertEqual(payload["id"], headers["webhook-id"])
        with self.assertRaises(WebhookVerificationError):
            Webhook(parcel.secrets[0]).verify(parcel.body + " ", headers)

    def test_both_secrets_sign_while_the_receiver_changes_over(self):
        old = self.one._secrets()[0]
        self.one.action_rotate_secret()
        self._create_case()
        self._send()
        headers = lanes.signed(self.arrived[0])
        for secret in (old, self.one._secrets()[0]):
            Webhook(secret).verify(self.arrived[0].body, headers)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertNotIn(old, self.one._secrets())

    def test_a_job_for_a_retry_keeps_nobody_from_sending_now(self):
        with freeze_time(START):
            self._create_case()
            self._send(500)
        with freeze_time(self._later(seconds=1)), trap_jobs() as trap:
            self.env["exception.delivery"]._enqueue_next()
            self.env["exception.delivery"]._enqueue()
        retry, new = trap.enqueued_jobs
        self.assertNotEqual(retry.identity_key, new.identity_key)

    def test_tried_again_with_the_same_id_then_given_up(self):
        with freeze_time(START):
            case = self._create_case()
            self._send(500)
        [delivery] = self._deliveries(self.one)
        self.assertEqual((delivery.state, delivery.attempts), ("waiting", 1))
        wait = (delivery.next_at - self._later()).total_seconds()
        self.assertTrue(8 <= wait <= 12, wait)
        with freeze_time(self._later(seconds=5)):
            self._send(500)
        self.assertEqual(len(self.arrived), 1)
        for seconds in (13, 200):
            with freeze_time(self._later(seconds=seconds)):
                self._send(500)
        delivery.invalidate_recordset()
        self.assertEqual((delivery.state, delivery.attempts), ("dead", 3))
        self.assertEqual(len({parcel.message_id for parcel in self.arrived}), 1)
        self.assertEqual(len({parcel.body for parcel in self.arrived}), 1)
        self.assertEqual(len(delivery.attempt_ids), 3)
        self.assertIn("delivery.dead", case.audit_ids.mapped("event"))

    def test_the_owner_is_told_once_of_what_was_given_up(self):
        one = self._create_subscription(waits="", failures_to_open=100)
        self._create_cases(3)
        self._send(500)
        self.assertEqual(one.dead_count, 3)
        self.assertEqual(len(one.activity_ids), 1)
        self.assertEqual(one.activity_ids.user_id, self.user_admin)

    def test_later_events_of_a_case_wait_behind_a_retry_others_go_on(self):
        with freeze_time(START):
            case, other = self._create_case(), self._create_case()
            case.with_user(self.user_agent).assign_to_me()
            self._send(lambda parcel: 500 if parcel.case_id == case.id else 200)
        of_case = self._deliveries(self.one).filtered(lambda one: one.case_id == case)
        self.assertEqual(set(of_case.mapped("state")), {"waiting"})
        self.assertEqual(of_case.mapped("attempts"), [1, 0, 0])
        done = self._deliveries(self.one).filtered(lambda one: one.case_id == other)
        self.assertEqual(done.state, "delivered")
        with freeze_time(self._later(seconds=3)):
            # a new event of the waiting case does not overtake
            case.with_user(self.user_agent).wait("customer", note="asked")
            self._send()
        self.assertEqual(len(self.arrived), 2)
        with freeze_time(self._later(seconds=20)):
            self._send()
        types = [json.loads(parcel.body)["type"] for parcel in self.arrived[2:]]
        expected = ["case.opened", "case.assigned", "case.state_changed", "case.state_changed"]
        self.assertEqual(types, expected)

    def test_a_dead_letter_holds_nothing_up(self):
        one = self._create_subscription(waits="", failures_to_open=100)
        case = self._create_case()
        self._send(lambda parcel: 500)
        case.with_user(self.user_agent).assign_to_me()
        self._send()
        states = self._deliveries(one).mapped("state")
        self.assertEqual(states, ["dead", "delivered", "delivered"])

    def test_a_receiver_says_when_to_come_back(self):
        with freeze_time(START):
            self._create_cases(3)
            self._send(lambda parcel: Result(parcel, status=429, error="429", ask_after=600))
            self.assertEqual(len(self.arrived), 1)
            self.assertEqual(self.one.hold_until, self._later(seconds=600))
            self.assertEqual(self.one.circuit, "closed")
        with freeze_time(self._later(seconds=300)):
            self._send()
            self.assertEqual(len(self.arrived), 1)
        with freeze_time(self._later(seconds=601)):
            self._send()
        self.assertEqual(len(self.arrived), 4)

    def test_at_most_so_many_a_minute(self):
        self.one.rate_per_minute = 2
        with freeze_time(START):
            self._create_cases(5)
            self._send()
            self.assertEqual(len(self.arrived), 2)
            self._send()
            self.assertEqual(len(self.arrived), 2)
        with freeze_time(self._later(seconds=61)):
            self._send()
        self.assertEqual(len(self.arrived), 4)

    def test_what_was_being_sent_by_a_dead_process_is_sent_again_under_its_id(self):
        self._create_case()
        parcels, _patience = self.env["exception.delivery"]._claim(self.one.id)
        self.assertEqual(self._deliveries(self.one).state, "sending")
        self._send()
        self.assertEqual(self.arrived[0].message_id, parcels[0].message_id)
        self.assertEqual(self._deliveries(self.one).state, "delivered")

    def test_a_receiver_is_served_by_one_at_a_time(self):
        self._create_case()
        from ..tools.locks import DELIVERY_LOCK, locks

        with locks(self.registry, DELIVERY_LOCK) as held:
            self.assertTrue(held.take(self.one.id))
            self._send()
            self.assertFalse(self.arrived)
        self._send()
        self.assertEqual(len(self.arrived), 1)

    def test_replay_one(self):
        case = self._create_case()
        self._send()
        [delivery] = self._deliveries(self.one)
        action = delivery.with_user(self.user_admin).action_replay()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.with_user(self.user_admin).action_apply()
        self.assertEqual((delivery.state, delivery.replays), ("waiting", 1))
        self._send()
        self.assertEqual(self.arrived[0].message_id, self.arrived[1].message_id)
        self.assertEqual(self.arrived[0].body, self.arrived[1].body)
        self.assertIn("delivery.replayed", case.audit_ids.mapped("event"))

    def test_replay_all_since(self):
        with freeze_time(START):
            old = self._create_case()
            self._send()
        with freeze_time(self._later(days=1)):
            new = self._create_case()
            self._send()
            action = self.one.with_user(self.user_admin).action_replay_since()
            dialog = self.env[action["res_model"]].browse(action["res_id"])
            dialog.write({"since": self._later(hours=1), "dead_only": False})
            self.assertEqual(dialog.count, 1)
            dialog.with_user(self.user_admin).action_apply()
            self._send()
        sent = [parcel.case_id for parcel in self.arrived]
        self.assertEqual(sent, [old.id, new.id, new.id])

    def test_only_administrators_send_again(self):
        self._create_case()
        self._send()
        delivery = self._deliveries(self.one)
        for user in (self.user_manager, self.user_auditor, self.user_agent):
            with self.assertRaises(AccessError):
                delivery.with_user(user).action_replay()
        self._create_case()
        with self.assertRaises(UserError):
            self._deliveries(self.one)[-1].with_user(self.user_admin).action_replay()

    def test_nobody_writes_deliveries_by_hand(self):
        self._create_case()
        delivery = self._deliveries(self.one)
        for records in (delivery, delivery.with_user(self.user_admin)):
            for change in (
                lambda records=records: records.write({"state": "delivered"}),
                lambda records=records: records.copy(),
                lambda records=records: records.unlink(),
            ):
                with self.assertRaises(UserError):
                    change()

    def test_too_old_is_given_up_and_the_log_is_forgotten(self):
        with freeze_time(START):
            self._create_case()
            self._send(500)
        with freeze_time(self._later(days=8)):
            self.env["exception.delivery"]._cron_sweep()
            [delivery] = self._deliveries(self.one)
            self.assertEqual(delivery.state, "dead")
        with freeze_time(self._later(days=39)):
            self.env["exception.delivery"]._cron_sweep()
        self.assertFalse(self._deliveries(self.one))

    def test_the_next_look_is_when_a_retry_is_due(self):
        with freeze_time(START):
            self._create_case()
            self._send(500)
            [delivery] = self._deliveries(self.one)
            self.env["exception.subscription"].search([("id", "!=", self.one.id)]).write(
                {"state": "paused"}
            )
            self.assertEqual(self.env["exception.delivery"]._next_at(), delivery.next_at)

    def test_an_answer_that_no_column_takes(self):
        """What a receiver makes us say with NUL in it is stored; others lose nothing by it."""
        self._create_case()
        waiting = self._deliveries(self.one)
        self._send(lambda parcel: Result(parcel, error="it said: \0\x01evil \ud800"))
        self.assertTrue(waiting)
        for delivery in waiting:
            self.assertEqual((delivery.state, delivery.attempts), ("waiting", 1))
            self.assertIn("it said: evil", delivery.error)

    def test_a_sender_that_breaks_breaks_nothing(self):
        def broken(parcel):
            raise ZeroDivisionError

        self._create_case()
        self._send(broken)
        self.assertIn("ZeroDivisionError", self._deliveries(self.one).error)

    def test_ping(self):
        def answer(parcel):
            self.arrived.append(parcel)
            return Result(parcel, ok=True, status=200, text="pong", seconds=0.1)

        with patch("odoo.addons.exception_gateway.models.exception_delivery_replay.send", answer):
            action = self.one.with_user(self.user_admin).action_ping()
            delivery = self.env["exception.delivery"].browse(action["res_id"])
            self.assertEqual(delivery.state, "delivered")
            self.assertEqual(delivery.attempt_ids.answer, "pong")
            with self.assertRaises(AccessError):
                self.one.with_user(self.user_manager).action_ping()
