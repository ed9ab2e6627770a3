"""Two deliveries of one mail at the same time, each in a transaction of its own."""

import threading
import uuid

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCaseMailTwice(BaseCase):
    """The claim on a Message-Id holds between real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.message_id = f"<{uuid.uuid4()}@customer.example>"
        self.addCleanup(self._forget)

    def _forget(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM exception_mail_receipt WHERE message_id = %s", (self.message_id,)
            )

    def _claim(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["exception.mail.receipt"]._claim({"message_id": self.message_id})

    def _race(self, end):
        """Let a second delivery begin while the first is not finished; return its claim."""
        found = []

        def second():
            with self.registry.cursor() as cr:
                # the snapshot is older than the end of the first delivery
                cr.execute("SELECT 1")
                ready.set()
                found.append(bool(self._claim(cr)))

        ready = threading.Event()
        first = self.registry.cursor()
        try:
            self.assertTrue(self._claim(first))
            thread = threading.Thread(target=second)
            thread.start()
            ready.wait(10)
            thread.join(0.5)
            self.assertTrue(thread.is_alive(), "the second waits for the first")
            getattr(first, end)()
            thread.join(10)
        finally:
            first.close()
        return found

    @mute_logger("odoo.sql_db")
    def test_the_second_is_dropped_when_the_first_commits(self):
        self.assertEqual(self._race("commit"), [False])

    @mute_logger("odoo.sql_db")
    def test_the_second_takes_over_when_the_first_fails(self):
        self.assertEqual(self._race("rollback"), [True])
