"""Actions while processes are killed, answers are lost and two workers want the same run."""

import threading
import time

from action_faults import FaultCase
from receiver import Receiver

from odoo.tests import get_db_name, tagged

EXECUTE = "env['exception.action.run']._execute_apart(%d)"
CARRY_OUT = "env['exception.action.run']._cron_carry_out()"
KILLS = 20


@tagged("post_install", "-at_install")
class TestActionFaults(FaultCase):
    """No double execution, none lost, none stuck without showing it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_nursery(get_db_name())

    # ------------------------------------------------------------------
    # kill -9
    # ------------------------------------------------------------------

    def _moments(self, run_ids):
        """Carry out the first run in peace, and spread the deaths of the others over its time."""
        begun = time.monotonic()
        self.nursery.run(EXECUTE % run_ids[0])
        took = time.monotonic() - begun
        return [(run_id, took * n / KILLS) for n, run_id in enumerate(run_ids[1:], start=1)]

    def test_killed_while_it_works_on_the_database(self):
        run_ids = self.propose(self.inside, 1 + KILLS)
        for run_id, moment in self._moments(run_ids):
            worker = self.nursery.start(EXECUTE % run_id)
            worker.kill(after=moment)
            state = self.facts(run_id)["state"]
            self.assertIn(state, ("queued", "running", "done"))
        interrupted = sum(self.facts(run_id)["state"] == "running" for run_id in run_ids)
        self.assertGreater(interrupted, 3, "some were killed in the middle")
        self.assertEqual(self.effects(), self.done(run_ids), "done, or nothing of it")
        self.nursery.run(CARRY_OUT)
        self.assertEqual(self.done(run_ids), sorted(run_ids), "none is lost")
        self.assertEqual(self.effects(), sorted(run_ids), "none was done twice")
        counts = [self.facts(run_id)["interruptions"] or 0 for run_id in run_ids]
        self.assertEqual(sum(counts), interrupted, "each says how often it was interrupted")

    def test_killed_while_it_calls_the_outside(self):
        self.receiver.slow = lambda key: 0.15
        run_ids = self.propose(self.outside, 1 + KILLS)
        for run_id, moment in self._moments(run_ids):
            worker = self.nursery.start(EXECUTE % run_id)
            worker.kill(after=moment)
        self.receiver.slow = lambda key: 0
        self.nursery.run(CARRY_OUT)
        states = {self.facts(run_id)["state"] for run_id in run_ids}
        self.assertLessEqual(states, {"queued", "unknown", "done"}, "nothing looks as if it ran")
        self.assertIn("unknown", states, "some were killed in the middle")
        for _time in range(3):
            self.make_due(run_ids)
            self.nursery.run(CARRY_OUT)
        self.assertEqual(self.done(run_ids), sorted(run_ids), "none is lost")
        self.assertEqual(set(self.calls(run_ids)), {1}, "the outside was asked once for each")

    # ------------------------------------------------------------------
    # answers that are lost
    # ------------------------------------------------------------------

    def test_a_time_out_after_the_receiver_has_acted(self):
        self.receiver.slow = lambda key: 2
        run_ids = self.propose(self.outside, 5)
        workers = [self.nursery.start(EXECUTE % run_id) for run_id in run_ids]
        for worker in workers:
            worker.wait()
        self.assertEqual({self.facts(run_id)["state"] for run_id in run_ids}, {"unknown"})
        self.nursery.run(CARRY_OUT)
        self.assertEqual({self.facts(run_id)["state"] for run_id in run_ids}, {"unknown"})
        self.make_due(run_ids)
        self.nursery.run(CARRY_OUT)
        self.assertEqual(self.done(run_ids), sorted(run_ids))
        self.assertEqual(set(self.calls(run_ids)), {1})

    def test_an_outside_that_is_down_comes_back(self):
        port = self.receiver.port
        self.receiver.close()
        (run_id,) = self.propose(self.outside, 1)
        self.nursery.run(EXECUTE % run_id)
        facts = self.facts(run_id)
        self.assertEqual((facts["state"], facts["attempts"]), ("queued", 1), facts["error"])
        self.receiver = Receiver(port)
        self.make_due([run_id])
        self.nursery.run(CARRY_OUT)
        self.assertEqual(self.facts(run_id)["state"], "done")
        self.assertEqual(self.calls([run_id]), [1])

    def test_a_refused_call_ends_as_a_dead_letter(self):
        self.receiver.status = 422
        (run_id,) = self.propose(self.outside, 1)
        with self.committed() as env:
            # not before its time: here a worker is the runner
            env["exception.action.run"].browse(run_id)._delay(3600)
        body = """
from odoo.addons.queue_job.exception import FailedJobError
from odoo.addons.queue_job.job import Job
run = env['exception.action.run'].browse(%d)
job = Job.load(env, run.job_uuid)
try:
    job.perform()
except FailedJobError as error:
    result = str(error)
"""
        self.assertIn("422", self.nursery.run(body % run_id))
        facts = self.facts(run_id)
        self.assertEqual(facts["state"], "failed")
        self.assertIn("422", facts["error"])

    # ------------------------------------------------------------------
    # two at once
    # ------------------------------------------------------------------

    def test_two_workers_on_one_run(self):
        self.receiver.slow = lambda key: 0.05
        inside, outside = self.propose(self.inside, 5), self.propose(self.outside, 5)
        for run_id in inside + outside:
            workers = [self.nursery.start(EXECUTE % run_id) for _worker in range(2)]
            for worker in workers:
                worker.wait()
        self.assertEqual(self.done(inside + outside), sorted(inside + outside))
        self.assertEqual(self.effects(), sorted(inside))
        self.assertEqual(set(self.calls(outside)), {1})

    def test_one_at_a_time_on_a_record(self):
        answer = threading.Event()
        self.receiver.slow = lambda key: answer.wait(20) and 0
        with self.committed() as env:
            env["exception.action"].browse(self.outside).timeout_seconds = 20
        first, second = self.propose(self.outside, 2, same_record=True)
        worker = self.nursery.start(EXECUTE % first)
        self.wait_for(lambda: self.calls([first]) == [1])
        self.nursery.run(EXECUTE % second)
        facts = self.facts(second)
        self.assertEqual((facts["state"], facts["waits_for_id"]), ("queued", first))
        self.assertTrue(facts["why"], "it says for whom it waits")
        answer.set()
        worker.wait()
        self.assertEqual(self.done([first, second]), [first, second], "the first wakes the second")
        self.assertEqual(self.receiver.most_at_work, 1)

    def test_a_request_is_carried_out_after_its_commit(self):
        body = """
case = env['exception.case'].browse(%d)
action = env['exception.action'].browse(%d)
before = action._propose(case)
before._submit()
result = [before.id, before.state]
"""
        run_id, state = self.nursery.run(body % (self.case_ids[0], self.inside))
        self.assertEqual(state, "queued", "not inside the request's own transaction")
        self.assertEqual(self.facts(run_id)["state"], "done")
        self.assertEqual(self.effects(), [run_id])

    def test_a_budget_holds_for_many_at_once(self):
        with self.committed() as env:
            env["exception.action"].browse(self.inside).limit_count = 3
        run_ids = self.propose(self.inside, 8)
        workers = [self.nursery.start(EXECUTE % run_id) for run_id in run_ids]
        for worker in workers:
            worker.wait()
        self.assertEqual(len(self.done(run_ids)), 3)
        self.assertEqual(len(self.effects()), 3)
