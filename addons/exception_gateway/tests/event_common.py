"""Helpers for tests of events, here and in addons that bring contracts of their own."""

import base64
import hashlib
import itertools
import json

from odoo import fields

from .gateway_common import GatewayCommon

_numbers = itertools.count(1)


class EventCommon(GatewayCommon):
    """An endpoint, a contract about customers, an event detector, and :meth:`_push`.

    The contract understands ``{"id", "type", "at", "customer", …}``: ``failed`` opens a case on
    the customer with that reference, ``paid`` clears it.
    """

    @classmethod
    def setUpClass(cls):
        """Make a system with an endpoint, and a contract that it may use."""
        super().setUpClass()
        cls.partner.ref = "C-1"
        cls.detector = cls._create_event_detector()
        cls.contract = cls._create_contract()
        cls.endpoint = cls._create_endpoint(cls.contract)

    # ------------------------------------------------------------------
    # factories
    # ------------------------------------------------------------------

    @classmethod
    def _create_event_detector(cls, **overrides):
        """Create a detector, enabled, whose cases events open and clear."""
        number = next(_numbers)
        values = {
            "name": f"Test event detector {number}",
            "source": "event",
            "cadence": "daily",
            "model_id": cls.env["ir.model"]._get("exception.event").id,
            "state": "enabled",
        }
        return cls._create_detector(**{**values, **overrides})

    @classmethod
    def _create_endpoint(cls, contracts=None, secret=None, **overrides):
        """Create an endpoint that may use these contracts; active when it has a secret."""
        values = {
            "name": f"Test endpoint {next(_numbers)}",
            "contract_ids": [(6, 0, contracts.ids if contracts else [])],
        }
        return super()._create_endpoint(secret, **{**values, **overrides})

    @classmethod
    def _create_contract(cls, **overrides):
        """Create an active contract about customers; see the class."""
        number = next(_numbers)
        values = {
            "name": f"Test contract {number}",
            "code": f"test.contract.{number}",
            "state": "active",
            "kind_path": "type",
            "kinds": "failed, paid, note",
            "mapping": "{what: type, when: at, reference: customer, amount: amount,"
            " currency: currency, message: message, severity: severity, facts: facts}",
            "dedup_path": "id",
            "subject_path": "story",
            "ordering_path": "at",
            "match_ids": [
                (0, 0, {"how": "field", "model": "res.partner", "field_name": "ref"}),
            ],
            "reaction_ids": [
                cls._reaction("open", "what == 'failed'"),
                cls._reaction("clear", "what == 'paid'"),
            ],
        }
        values.update(overrides)
        if values.get("subject_path") is None or values.get("subject_path") is False:
            values["ordering_path"] = False
        return cls.env["exception.event.contract"].create(values)

    @classmethod
    def _reaction(cls, kind, condition=False, **overrides):
        """Return the command that creates a reaction of the test's detector."""
        values = {"kind": kind, "condition": condition, "detector_id": cls.detector.id}
        return (0, 0, {**values, **overrides})

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    def _payload(self, what="failed", at=100, **more):
        """Return a message of the test's contract, with an id of its own."""
        number = next(_numbers)
        return {
            "id": f"evt_{number}",
            "type": what,
            "at": 1700000000 + at,
            "customer": "C-1",
            "story": "story-1",
            **more,
        }

    def _store(self, payload, endpoint=None, **overrides):
        """Store a message as if it had just come in; return its event.

        :param payload: bytes as they are, anything else as JSON
        """
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        endpoint = endpoint or self.endpoint
        values = {
            "endpoint_id": endpoint.id,
            "company_id": endpoint.company_id.id,
            "received_at": fields.Datetime.now(),
            "dedup_key": f"test-{next(_numbers)}",
            "body": base64.b64encode(body),
            "body_hash": hashlib.sha256(body).hexdigest(),
            "size": len(body),
            "state": "received",
            **overrides,
        }
        return self.env["exception.event"].create(values)

    def _understand(self, events):
        """Understand stored events in one batch, as the background does."""
        events.write({"state": "processing"})
        events._work()
        return events

    def _push(self, payload, endpoint=None, **overrides):
        """Let one message come in and be understood; return its event."""
        return self._understand(self._store(payload, endpoint, **overrides))

    def _push_all(self, payloads, endpoint=None):
        """Let messages come in and be understood in one batch; return their events."""
        events = self.env["exception.event"]
        for payload in payloads:
            events |= self._store(payload, endpoint)
        return self._understand(events)

    def assert_event(self, event, state, words=None):
        """Assert where an event stands, and that its reason has these words."""
        self.assertEqual(event.state, state, event.reason)
        if words:
            self.assertIn(words, event.reason or "")
        return event
