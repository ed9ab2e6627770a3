"""What subscriptions want is remembered by each process, and never from before a change."""

from committed import CommittedCase

from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestSubscriptionCache(CommittedCase):
    """A transaction that began before a change does not make the process forget the change."""

    mark = "test_subscription_cache"

    def _clean_up(self):
        with self.committed() as env:
            env["exception.subscription"].search([("name", "=", self.mark)]).unlink()
        super()._clean_up()

    def _subscribe(self):
        with self.committed() as env:
            values = {"name": self.mark, "url": "https://hooks.example.com/x"}
            one = env["exception.subscription"].create(values)
            one.write({"state": "active"})
            return one.id

    def _known(self, env):
        return {wish.subscription_id for wish in env["exception.delivery"]._wishes()}

    def test_a_reader_from_before_keeps_what_it_reads_to_itself(self):
        with self.committed() as early:
            # its view of the database begins here
            early.cr.execute("SELECT 1")
            new = self._subscribe()
            self.assertNotIn(new, self._known(early))
            with self.committed() as late:
                self.assertIn(new, self._known(late))
        with self.committed() as env:
            self.assertIn(new, self._known(env))

    def test_a_change_that_is_taken_back_is_not_remembered(self):
        new = self._subscribe()
        with self.committed() as env:
            env["exception.subscription"].browse(new).write({"state": "paused", "active": False})
            env["exception.subscription"].flush_model()
            env["exception.subscription"].browse(new).write({"state": "draft"})
            self.assertNotIn(new, self._known(env))
            env.cr.rollback()
        with self.committed() as env:
            self.assertIn(new, self._known(env))

    def test_it_is_remembered_without_a_statement(self):
        self._subscribe()
        for _warm in range(2):
            with self.committed() as env:
                self._known(env)
        with self.committed() as env:
            before = env.cr.sql_log_count
            self._known(env)
            self.assertEqual(env.cr.sql_log_count, before)
