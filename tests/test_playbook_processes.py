"""Playbooks whose process is killed, whose database goes away, or that two processes advance."""

from contextlib import suppress

from committed import CommittedCase
from nursery import Nursery

from odoo.tests import get_db_name, tagged
from odoo.tools import SQL

from desk.own_postgres import OwnPostgres

CASES = 12
EVENTS = 4
KILLS = 20
# Every event takes a moment after it was written, so that the process dies in the middle.
SLOW = """
import time
cases = type(env["exception.case"])
plain = cases._emit
def slow(self, event, payload):
    plain(self, event, payload)
    self.env.flush_all()
    time.sleep(0.03)
cases._emit = slow
env["exception.play"]._cron_playbook()
result = True
"""
# When the minutes are over after which a process that says nothing counts as dead.
LATER = """
from datetime import datetime, timedelta
env["exception.play"]._cron_playbook(datetime.utcnow() + timedelta(minutes=10 * {times}))
result = True
"""
FOUND = SQL(
    """
    SELECT play.id, play.state, play.attempts, play.due_at,
           count(*) FILTER (WHERE step.state = 'done') AS done,
           (SELECT count(*) FROM mail_message AS message
             WHERE message.model = 'exception.case' AND message.res_id = play.case_id
               AND message.body LIKE '%%Event two.hands.%%') AS sent
      FROM exception_play AS play JOIN exception_case_step AS step ON step.play_id = play.id
     WHERE play.playbook_id = (SELECT max(id) FROM exception_playbook)
     GROUP BY play.id ORDER BY play.id
    """
)


class PlaybookFaultCase(CommittedCase):
    """A dozen cases with a playbook that sends four events and then waits for a person."""

    mark = "playbook_faults"

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            kind = env.ref("exception_core.type_contact_unusable")
            steps = [
                {"name": f"Send {n}", "kind": "event", "event_name": f"two.hands.{n}"}
                for n in range(EVENTS)
            ]
            steps.append({"name": "Look at it", "kind": "activity"})
            playbook = env["exception.playbook"].create(
                {
                    "name": self.mark,
                    "enabled": True,
                    "step_ids": [
                        (0, 0, {**step, "sequence": place}) for place, step in enumerate(steps)
                    ],
                }
            )
            cases = env["exception.case"].create(
                [
                    {
                        "title": self.mark,
                        "type_id": kind.id,
                        "res_model": partner._name,
                        "res_id": partner.id,
                    }
                    for partner in self._create_partners(env, CASES)
                ]
            )
            cases._start_playbook(playbook)
            self.playbook_id, self.case_ids = playbook.id, cases.ids

    def _clean_up(self):
        with self.committed() as env:
            env["exception.case"].browse(self.case_ids).unlink()
            env["exception.playbook"].browse(self.playbook_id).unlink()
        super()._clean_up()

    def start_nursery(self, **server):
        self.nursery = Nursery(get_db_name(), **server)
        self.addCleanup(self.nursery.close)

    def found(self):
        """Return how the plays stand, as anybody else sees them."""
        with self.committed() as env:
            env.cr.execute(FOUND)
            return env.cr.dictfetchall()

    def go_on_later(self, times=3):
        """Let the Scheduled Action run later, when whoever died counts as dead."""
        for number in range(1, times + 1):
            with suppress(AssertionError):
                self.nursery.run(LATER.format(times=number))

    def assert_watched(self):
        """Whatever is not finished is due at some time: nothing is stuck unseen."""
        lost = [row for row in self.found() if row["state"] != "waiting" and not row["due_at"]]
        self.assertEqual(lost, [])

    def assert_once(self):
        """Every event was sent exactly once, and every case waits for its person."""
        rows = self.found()
        self.assertEqual(len(rows), CASES)
        self.assertEqual({row["sent"] for row in rows}, {EVENTS}, "none lost, none twice")
        self.assertEqual({row["done"] for row in rows}, {EVENTS})
        self.assertEqual({(row["state"], row["attempts"]) for row in rows}, {("waiting", 0)})


@tagged("post_install", "-at_install")
class TestPlaybookProcesses(PlaybookFaultCase):
    def setUp(self):
        super().setUp()
        self.start_nursery()

    def test_two_workers_at_once(self):
        workers = [self.nursery.start(SLOW) for _worker in range(2)]
        for worker in workers:
            self.assertTrue(worker.wait())
        self.assert_once()

    def test_kill_9_while_it_is_advanced(self):
        killed = 0
        for number in range(KILLS):
            killed += self.nursery.start(SLOW).kill(after=0.05 + 0.02 * (number % 7))
            self.assert_watched()
        self.assertGreater(killed, KILLS // 2)
        self.go_on_later()
        self.assert_once()

    def test_connection_that_is_terminated(self):
        for _number in range(8):
            worker = self.nursery.start(SLOW)
            worker.read(0.15)
            with self.committed() as env:
                env.cr.execute(
                    SQL(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = %s AND datname = current_database()",
                        f"odoo-{worker.pid}",
                    )
                )
            with suppress(AssertionError):
                worker.wait()
            self.assert_watched()
        self.go_on_later()
        self.assert_once()


@tagged("post_install", "-at_install")
class TestPlaybookRestart(PlaybookFaultCase):
    """PostgreSQL crashes and comes back: on a server of the test's own, with a copy."""

    def setUp(self):
        super().setUp()
        self.server = OwnPostgres()
        self.addCleanup(self.server.close)
        self.server.start()
        self.server.copy(get_db_name())
        self.start_nursery(**self.server.options)

    def found(self):
        return self.server.fetch(get_db_name(), FOUND)

    def test_restart_during_a_playbook(self):
        for _crash in range(3):
            worker = self.nursery.start(SLOW)
            worker.read(0.3)
            self.server.crash()
            with suppress(AssertionError):
                worker.wait()
            self.assert_watched()
        self.go_on_later()
        self.assert_once()
