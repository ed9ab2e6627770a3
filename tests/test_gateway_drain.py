"""Two processes drain the same events, and one of them is killed: each event has one effect."""

from gateway_faults import GatewayFaultCase
from nursery import Nursery

from odoo.tests import get_db_name, tagged
from odoo.tools import SQL

EVENTS = 450

STORE = """
from odoo.addons.exception_gateway.schemes import registry
from odoo.addons.exception_gateway.schemes.base import Message
import time
door = env["exception.event.endpoint"]._door("{token}")
scheme = registry.get(door.scheme)
result = []
for number in range({count}):
    body = b'{{"n": %d}}' % number
    message = scheme.sign(body, "{secret}", door.settings, time.time())
    events = env["exception.event"]
    result.append(bool(events._receive(door, scheme, message)))
    env.cr.commit()
"""


@tagged("post_install", "-at_install")
class TestGatewayDrain(GatewayFaultCase):
    """Never lost, never doubled."""

    endpoints = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nursery = Nursery(get_db_name())
        cls.addClassCleanup(cls.nursery.close)

    def _all_once(self):
        self.assertEqual(self.states(), {"done": EVENTS * self.endpoints})
        self.assertEqual(set(self.effects().values()), {1})

    def test_two_processes_share_the_work(self):
        self._receive(EVENTS)
        workers = [self.nursery.start(self.drain_body()) for _number in range(2)]
        for worker in workers:
            worker.wait()
        self._all_once()

    def test_one_is_killed_at_work(self):
        self._receive(EVENTS)
        victim = self.nursery.start(self.drain_body(pause=0.5))
        self.wait_for(lambda: "processing" in self.states())
        # while it has written its effects, and not committed them
        self.assertTrue(victim.kill(after=0.3))
        left = self.states()
        self.assertTrue(left.get("processing"), left)
        workers = [self.nursery.start(self.drain_body(pause=0.01)) for _number in range(2)]
        for worker in workers:
            worker.wait()
        # the lock of a process that is gone ends when the server notices
        if self.states() != {"done": EVENTS * self.endpoints}:
            self.nursery.run(self.drain_body(pause=0))
        self._all_once()

    def test_a_lock_that_is_lost_does_not_double_anything(self):
        self._receive(100)
        first = self.nursery.start(self.drain_body(pause=1))
        self.wait_for(lambda: "processing" in self.states())
        # the connection that holds the lock of the endpoint breaks; its process goes on
        broken = self.fetch(
            SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND classid = 1704021 AND objid = ANY(%s)",
                self.endpoint_ids,
            )
        )
        self.assertTrue(broken)
        self.nursery.run(self.drain_body(pause=0))
        first.read(20)
        self.nursery.run(self.drain_body(pause=0))
        self.assertEqual(self.states(), {"done": 100 * self.endpoints})
        self.assertEqual(set(self.effects().values()), {1})

    def test_the_same_message_at_two_doors_at_once(self):
        body = STORE.format(token=self.tokens[0], secret=self.secret, count=100)
        workers = [self.nursery.start(body) for _number in range(2)]
        answers = [worker.wait() for worker in workers]
        self.assertEqual([sum(pair) for pair in zip(*answers, strict=True)], [1] * 100)
        self.assertEqual(self.states(), {"received": 100})
