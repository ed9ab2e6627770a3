"""PostgreSQL crashes and comes back while actions are at work."""

from contextlib import suppress

from action_faults import FaultCase

from odoo.tests import get_db_name, tagged

from desk.own_postgres import OwnPostgres

CARRY_OUT = "env['exception.action.run']._cron_carry_out()"
RUNS = 8


@tagged("post_install", "-at_install")
class TestActionRestart(FaultCase):
    """On a server of the test's own, with a copy of the database."""

    def setUp(self):
        super().setUp()
        self.inside_ids = self.propose(self.inside, RUNS)
        self.outside_ids = self.propose(self.outside, RUNS)
        self.server = OwnPostgres()
        self.addCleanup(self.server.close)
        self.server.start()
        self.server.copy(get_db_name())
        self.start_nursery(get_db_name(), **self.server.options)

    def fetch(self, query):
        return self.server.fetch(get_db_name(), query)

    def _carry_out(self):
        """Let the background work, which may meet a server that is gone."""
        with suppress(AssertionError):
            self.nursery.run(CARRY_OUT)

    def test_a_crash_while_actions_are_at_work(self):
        self.receiver.slow = lambda key: 0.2
        for _crash in range(3):
            self.make_due(self.inside_ids + self.outside_ids)
            worker = self.nursery.start(CARRY_OUT)
            worker.read(0.5)
            self.server.crash()
            with suppress(AssertionError):
                worker.wait()
        states = {self.facts(run_id)["state"] for run_id in self.outside_ids}
        self.assertLessEqual(states, {"queued", "running", "unknown", "done"})
        for _time in range(3):
            self.make_due(self.inside_ids + self.outside_ids)
            self._carry_out()
        run_ids = sorted(self.inside_ids + self.outside_ids)
        self.assertEqual(self.done(run_ids), run_ids, "none is lost")
        self.assertEqual(self.effects(), sorted(self.inside_ids), "none was done twice")
        self.assertEqual(set(self.calls(self.outside_ids)), {1}, "the outside was asked once")
        interrupted = [self.facts(run_id)["interruptions"] for run_id in run_ids]
        self.assertTrue(any(interrupted), "some were interrupted, and say so")
