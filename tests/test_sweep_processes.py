"""Two Odoo processes sweep the same detector at once: nothing is opened twice."""

from committed import CommittedCase
from processes import run_together

from odoo.tests import tagged

RECORDS = 400


@tagged("post_install", "-at_install")
class TestSweepProcesses(CommittedCase):
    mark = "two_processes"

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            self.partner_ids = self._create_partners(env, RECORDS).ids
            self.detector_id = self._create_detector(env).id

    def _sweep_twice(self, call):
        body = f"""
        detector = env["exception.detector"].browse({self.detector_id})
        {call}
        """
        return run_together(self.registry.db_name, body, body)

    def _assert_one_case_each(self):
        with self.committed() as env:
            self.assertEqual(sorted(self._cases(env).mapped("res_id")), sorted(self.partner_ids))

    def test_scheduled_sweeps_take_turns(self):
        runs = self._sweep_twice("result = detector._sweep_locked()")
        self._assert_one_case_each()
        self.assertEqual(sum(run["opened"] for (run,) in runs), RECORDS)

    def test_the_index_holds_where_the_lock_is_missed(self):
        runs = self._sweep_twice("result = detector._sweep(commit=True)._as_bar()")
        self._assert_one_case_each()
        self.assertEqual({run["state"] for run in runs}, {"done"}, runs)
