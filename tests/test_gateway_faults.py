"""The gateway while a worker and the job runner are killed: the short one of ``make faults``."""

from odoo.tests import BaseCase, get_db_name, tagged

from desk.own_postgres import OwnPostgres
from faults import kills
from faults.world import World

EVENTS = 500


@tagged("post_install", "-at_install")
class TestGatewayFaults(BaseCase):
    """Real servers, real kill -9, on a PostgreSQL of the test's own."""

    def test_a_worker_and_the_runner_die_while_events_come_in(self):
        with OwnPostgres() as postgres:
            postgres.copy(get_db_name())
            world = World(get_db_name(), postgres)
            try:
                outcome = kills.both(world, EVENTS)
            finally:
                world.close()
        self.assertEqual(outcome.counts["sent"], EVENTS)
        self.assertGreaterEqual(outcome.counts["distinct"], 0.8 * EVENTS)
        self.assertEqual(outcome.counts["stored"], outcome.counts["distinct"])
        self.assertTrue(outcome.name.startswith("2 "), "both were killed")
        self.assertTrue(outcome.kept, outcome.as_row())
