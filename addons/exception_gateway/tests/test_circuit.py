from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from ..tools.lanes import Result
from .delivery_common import DeliveryCommon

START = "2026-03-02 08:00:00"


class TestCircuit(DeliveryCommon):
    """A receiver that fails is left alone, and taken up again when it works."""

    def setUp(self):
        super().setUp()
        self.one = self._create_subscription(failures_to_open=3, waits="1s, 1s, 1s, 1s, 1h")

    def _at(self, **delta):
        return freeze_time(fields.Datetime.from_string(START) + timedelta(**delta))

    def _fail(self):
        with self._at():
            self._create_cases(6)
            self._send(500)

    def test_it_opens_after_so_many_failures_and_tells_the_owner_once(self):
        self._fail()
        self.assertEqual(len(self.arrived), 3)
        self.assertEqual(self.one.circuit, "open")
        self.assertEqual(len(self.one.activity_ids), 1)
        self.assertIn("500", self.one.circuit_because)
        for minutes in (2, 10, 30):
            with self._at(minutes=minutes):
                self._send(500)
        self.assertEqual(len(self.one.activity_ids), 1)
        # each time one message only
        self.assertEqual(len(self.arrived), 6)

    def test_nothing_is_sent_while_it_rests(self):
        self._fail()
        with self._at(seconds=30):
            self._send()
        self.assertEqual(len(self.arrived), 3)

    def test_one_that_gets_through_closes_it_and_all_go_on(self):
        self._fail()
        with self._at(minutes=2):
            self._send()
        self.assertEqual(self.one.circuit, "closed")
        self.assertEqual(self.one.failures, 0)
        self.assertFalse(self.one.activity_ids)
        self.assertEqual(set(self._deliveries(self.one).mapped("state")), {"delivered"})

    def test_it_rests_longer_each_time(self):
        self._fail()
        rests = []
        for _number in range(3):
            rests.append(self.one.probe_at)
            with freeze_time(self.one.probe_at):
                self._send(500)
        first = fields.Datetime.from_string(START)
        self.assertEqual((rests[0] - first).total_seconds(), 60)
        self.assertEqual((rests[1] - rests[0]).total_seconds(), 120)
        self.assertEqual((rests[2] - rests[1]).total_seconds(), 240)

    def test_others_are_not_delayed(self):
        other = self._create_subscription(name="Other")
        with self._at():
            self._create_cases(3)
            self._send(lambda parcel: 500 if parcel.subscription_id == self.one.id else 200)
        self.assertEqual(set(self._deliveries(other).mapped("state")), {"delivered"})

    def test_try_now(self):
        self._fail()
        with self._at(seconds=10):
            self.one.with_user(self.user_admin).action_try_now()
            self._send()
        self.assertEqual(self.one.circuit, "closed")

    def test_gone_pauses(self):
        with self._at():
            self._create_cases(3)
            self._send(410)
        self.assertEqual(len(self.arrived), 1)
        self.assertEqual(self.one.state, "paused")
        self.assertIn("410", self.one.paused_because)
        self.assertEqual(len(self.one.activity_ids), 1)
        self.assertEqual(set(self._deliveries(self.one).mapped("state")), {"waiting"})
        with self._at(minutes=5):
            self.one.with_user(self.user_admin).action_resume()
            self._send()
        self.assertEqual(set(self._deliveries(self.one).mapped("state")), {"delivered"})

    def test_being_told_to_wait_is_no_failure(self):
        with self._at():
            self._create_cases(6)
            self._send(lambda parcel: Result(parcel, status=429, error="429", ask_after=1))
        self.assertEqual((self.one.circuit, self.one.failures), ("closed", 0))

    def test_without_its_key_nothing_is_sent_unsigned(self):
        import os
        from unittest.mock import patch

        from cryptography.fernet import Fernet

        self._create_case()
        other = {"EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()}
        with patch.dict(os.environ, other):
            self._send()
        self.assertFalse(self.arrived)
        self.assertEqual(self.one.circuit, "open")
        self.assertEqual(self._deliveries(self.one).attempts, 0)
