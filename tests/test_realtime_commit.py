"""The real-time path with real commits: a plain commit (cron), a savepoint, a rollback."""

from committed import CommittedCase
from processes import run_together

from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRealtimeCommit(CommittedCase):
    mark = "realtime_commit"

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            self._create_detector(env, cadence="realtime").action_enable()

    def _found(self):
        with self.committed() as env:
            return sorted(self._cases(env).mapped("res_name"))

    def _run(self, body):
        (result,) = run_together(self.registry.db_name, body)
        return result

    def test_a_plain_commit_keeps_the_case(self):
        # what a cron does: no flush of the request, the hooks run inside commit()
        self._run(
            """
            env["res.partner"].create({"name": "Plain", "ref": "realtime_commit"})
            env.cr.commit()
            """
        )
        self.assertEqual(self._found(), ["Plain"])

    def test_a_savepoint_keeps_the_case(self):
        self._run(
            """
            with env.cr.savepoint():
                env["res.partner"].create({"name": "Inside", "ref": "realtime_commit"})
            partner = env["res.partner"].create({"name": "Outside", "ref": "realtime_commit"})
            """
        )
        self.assertEqual(self._found(), ["Inside", "Outside"])

    def test_what_is_rolled_back_opens_nothing(self):
        self._run(
            """
            try:
                with env.cr.savepoint():
                    env["res.partner"].create({"name": "Gone", "ref": "realtime_commit"})
                    env.flush_all()
                    raise ValueError("the user's own code fails")
            except ValueError:
                pass
            env["res.partner"].create({"name": "Kept", "ref": "realtime_commit"})
            """
        )
        self.assertEqual(self._found(), ["Kept"])

    def test_two_saves_of_one_record_at_once_open_one_case(self):
        with self.committed() as env:
            partner = self._create_partners(env, 1)
            self._cases(env).unlink()
        body = f"""
        import time
        partner = env["res.partner"].browse({partner.id})
        bank = env["res.partner.bank"].create(
            {{"partner_id": partner.id, "acc_number": str(time.monotonic_ns())}})
        env["exception.detector"]._collect(partner, ["email"])
        """
        run_together(self.registry.db_name, body, body)
        self.assertEqual(len(self._found()), 1)
