"""Endpoints with a secret, and messages to them, for tests of the gateway and of what uses it."""

import base64
import json
import time
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields

from odoo.addons.exception_core.tests.common import ExceptionCommon

from ..schemes import registry
from ..tools import event_row

SECRET = "a secret of tests, long enough"


class GatewayCommon(ExceptionCommon):
    """A key for secrets, a system, and factories of endpoints and signed messages."""

    @classmethod
    def setUpClass(cls):
        """Make the key and the system."""
        super().setUpClass()
        cls.key = Fernet.generate_key().decode()
        cls.startClassPatcher(patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": cls.key}))
        cls.system = cls.env["exception.system"].create({"name": "Test shop", "code": "test_shop"})

    @classmethod
    def _create_endpoint(cls, secret=SECRET, **overrides):
        """Create an active endpoint; signed by HMAC-SHA256 in X-Signature unless told."""
        values = {
            "name": "Test shop, live",
            "system_id": cls.system.id,
            "owner_id": cls.user_admin.id,
            "scheme": "hmac_sha256",
            "signature_header": "X-Signature",
        }
        endpoint = cls.env["exception.event.endpoint"].create({**values, **overrides})
        if secret:
            secrets = cls.env["exception.event.secret"]
            secrets._add(endpoint, secrets._seal(endpoint, secret), "entered", 0)
            endpoint.action_activate()
        return endpoint

    @classmethod
    def _sign(cls, endpoint, body, secret=SECRET, now=None):
        """Return a body as bytes and the headers with which the sender would post it.

        :param body: bytes, or anything that JSON can say
        """
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        scheme = registry.get(endpoint.scheme)
        message = scheme.sign(raw, secret, endpoint._settings(), now or time.time())
        return message.body, dict(message.headers)

    @classmethod
    def _create_events(cls, endpoint, count, prefix="test", **overrides):
        """Create events as if they had just been received; named test.0, test.1 …"""
        bodies = [json.dumps({"type": f"{prefix}.{n}"}).encode() for n in range(count)]
        return cls.env["exception.event"].create(
            [
                {
                    "endpoint_id": endpoint.id,
                    "company_id": endpoint.company_id.id,
                    "received_at": fields.Datetime.now(),
                    "dedup_key": f"{prefix} {number}",
                    "name": f"{prefix}.{number}",
                    "body": base64.b64encode(body),
                    "body_hash": event_row.digest(body),
                    "size": len(body),
                    **overrides,
                }
                for number, body in enumerate(bodies)
            ]
        )
