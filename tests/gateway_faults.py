"""What tests of the gateway with real processes share: endpoints, waiting events, effects."""

import base64
import time
import uuid
from unittest.mock import patch

from committed import CommittedCase
from cryptography.fernet import Fernet

from odoo import fields
from odoo.tools import SQL

# Understands by leaving one partner for each event behind, slowly.
DRAIN = """
import time
from odoo.addons.exception_gateway.tools.outcome import Outcome

def understand(events):
    partners = [{{"name": str(event.id), "ref": "{mark}"}} for event in events]
    events.env["res.partner"].create(partners)
    events.env.flush_all()
    time.sleep({pause})
    return {{event.id: Outcome("done") for event in events}}

events = env["exception.event"]
type(events)._understand = understand
events._drain(seconds=60)
"""


class GatewayFaultCase(CommittedCase):
    """Active endpoints of the test's own, and what is left of its events."""

    endpoints = 1

    def setUp(self):
        super().setUp()
        self.mark = f"gateway-{uuid.uuid4().hex[:8]}"
        self.key = Fernet.generate_key().decode()
        self.startPatcher(patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": self.key}))
        self.secret = "a secret of tests, long enough"
        with self.committed() as env:
            system = env["exception.system"].create({"name": self.mark, "code": self.mark})
            made = [self._make_endpoint(env, system, n) for n in range(self.endpoints)]
            self.endpoint_ids = [endpoint.id for endpoint in made]
            self.tokens = [endpoint.token for endpoint in made]

    def _make_endpoint(self, env, system, number):
        endpoint = env["exception.event.endpoint"].create(
            {
                "name": f"{self.mark} {number}",
                "system_id": system.id,
                "scheme": "hmac_sha256",
                "signature_header": "X-Signature",
            }
        )
        secrets = env["exception.event.secret"]
        secrets._add(endpoint, secrets._seal(endpoint, self.secret), "entered", 0)
        endpoint.action_activate()
        return endpoint

    def _receive(self, count):
        """Store so many events at each endpoint, as if they had just come in."""
        with self.committed() as env:
            now = fields.Datetime.now()
            env["exception.event"].create(
                [
                    {
                        "endpoint_id": endpoint_id,
                        "company_id": env.company.id,
                        "received_at": now,
                        "dedup_key": f"{self.mark} {number}",
                        "body": base64.b64encode(b"{}"),
                        "body_hash": "0" * 64,
                        "size": 2,
                    }
                    for endpoint_id in self.endpoint_ids
                    for number in range(count)
                ]
            )

    def drain_body(self, pause=0.1):
        """Return the code of a process that drains."""
        return DRAIN.format(mark=self.mark, pause=pause)

    def fetch(self, query):
        """Return the rows of a query, as anybody sees them now."""
        with self.registry.cursor() as cr:
            cr.execute(query)
            return cr.fetchall()

    def states(self):
        """Return {state: number} of the test's events."""
        return dict(
            self.fetch(
                SQL(
                    "SELECT state, count(*) FROM exception_event"
                    " WHERE endpoint_id = ANY(%s) GROUP BY state",
                    self.endpoint_ids,
                )
            )
        )

    def effects(self):
        """Return how often each event has left an effect behind."""
        rows = self.fetch(
            SQL(
                "SELECT event.id, count(partner.id) FROM exception_event event"
                " LEFT JOIN res_partner partner"
                " ON partner.ref = %s AND partner.name = event.id::text"
                " WHERE event.endpoint_id = ANY(%s) GROUP BY event.id",
                self.mark,
                self.endpoint_ids,
            )
        )
        return dict(rows)

    def wait_for(self, happened, seconds=20):
        """Wait until something has happened in another process."""
        until = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > until:
                raise AssertionError(f"it did not happen: {self.states()}")
            time.sleep(0.02)

    def _clean_up(self):
        with self.committed() as env:
            env.cr.execute(
                SQL("DELETE FROM exception_event WHERE endpoint_id = ANY(%s)", self.endpoint_ids)
            )
            endpoints = env["exception.event.endpoint"].browse(self.endpoint_ids)
            endpoints.unlink()
            env["exception.system"].search([("code", "=", self.mark)]).unlink()
            env["res.partner"].search([("ref", "=", self.mark)]).unlink()
            # what served processes have asked for
            env["queue.job"].search([("identity_key", "=", "exception_gateway.drain")]).unlink()
