"""Helpers for tests of what is told outside, also for addons that build on the suite."""

import json
import os
from contextlib import contextmanager
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.addons.exception_core.tests.common import ExceptionCommon

from ..models.exception_delivery_drain import ExceptionDeliveryDrain
from ..tools.lanes import Result

URL = "https://hooks.example.com/exceptions"


class DeliveryTrap:
    """What was put into the outbox inside :meth:`DeliveryCommon.trap_deliveries`."""

    def __init__(self, test, last_id):
        self._test, self._last_id = test, last_id

    @property
    def put_out(self):
        """The deliveries written since the trap was set, in their order."""
        deliveries = self._test.env["exception.delivery"]
        return deliveries.search([("id", ">", self._last_id)], order="id")

    @property
    def payloads(self):
        """What they say, as dicts."""
        return [json.loads(one.payload) for one in self.put_out]

    def assert_put_out(self, event_type, count=1, case=None):
        """Assert how many events of a type were put out, about this case where given."""
        found = self.put_out.filtered(
            lambda one: one.event_type == event_type and (case is None or one.case_id == case)
        )
        self._test.assertEqual(len(found), count, self._describe())
        return found

    def assert_nothing_put_out(self):
        """Assert that nobody was told anything."""
        self._test.assertFalse(self.put_out, self._describe())

    def _describe(self):
        lines = [f"{one.event_type} about {one.case_id.name}" for one in self.put_out]
        return "put out: " + ("; ".join(lines) or "nothing")


class DeliveryCommon(ExceptionCommon):
    """Subscriptions, a key for their secrets, and a world outside that is made up.

    ``self._send(answer)`` sends what waits; ``answer`` is a status, or a function of the parcel
    that returns a status or raises. What arrived is in ``self.arrived``.
    """

    @classmethod
    def setUpClass(cls):
        """Give the server a key."""
        key = patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()})
        key.__enter__()
        cls.addClassCleanup(key.__exit__, None, None, None)
        super().setUpClass()

    def setUp(self):
        """Begin with nothing that has arrived."""
        super().setUp()
        self.arrived = []

    @classmethod
    def _create_subscription(cls, activate=True, events=(), fields=(), **overrides):
        """Create a subscription to all events, or those named, and activate it."""
        event, payload = cls.env["exception.outgoing.event"], cls.env["exception.payload.field"]
        values = {
            "name": "Test receiver",
            "url": URL,
            "owner_id": cls.user_admin.id,
            "event_ids": [(6, 0, event.search([("code", "in", events)]).ids)],
            "field_ids": [(6, 0, payload.search([("code", "in", fields)]).ids)],
        }
        subscription = cls.env["exception.subscription"].create({**values, **overrides})
        if activate:
            subscription.action_activate()
        return subscription

    @contextmanager
    def trap_deliveries(self, subscribe=True):
        """Catch what is put into the outbox inside, for a subscription to everything.

        :param bool subscribe: False where the test has a subscription of its own
        """
        if subscribe:
            self._create_subscription(name="Trap", company_id=False)
        last = self.env["exception.delivery"].search([], order="id desc", limit=1)
        yield DeliveryTrap(self, last.id or 0)

    def _send(self, answer=200):
        """Let the job send what is due, to a receiver that answers so."""

        def sender(parcel):
            self.arrived.append(parcel)
            said = answer(parcel) if callable(answer) else answer
            if isinstance(said, Result):
                return said
            ok = 200 <= said < 300
            return Result(parcel, ok=ok, status=said, error="" if ok else f"it answered {said}")

        with patch.object(ExceptionDeliveryDrain, "_sender", lambda model: sender):
            self.env["exception.delivery"]._drain()
        self.env.invalidate_all()

    def _deliveries(self, subscription):
        return self.env["exception.delivery"].search(
            [("subscription_id", "=", subscription.id)], order="id"
        )
