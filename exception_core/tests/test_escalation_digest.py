from datetime import datetime

from odoo.tests import tagged

from .escalation_common import HOUR, NOW, EscalationCommon


@tagged("post_install", "-at_install")
class TestEscalationDigest(EscalationCommon):
    """The mail with which leads begin their day."""

    def setUp(self):
        super().setUp()
        self.env["exception.team"].search([("id", "!=", self.team.id)]).lead_id = self.user_lead
        self.env["exception.case"].search([]).write({"is_open": False})

    def _send(self, *moment):
        before = len(self._messages(self.user_lead))
        self.env["exception.digest"]._cron_send(datetime(*moment))
        return len(self._messages(self.user_lead)) - before

    def test_once_a_morning_in_the_leads_own_zone(self):
        self._create_case(amount=250, title="Lost in the post")
        self.user_lead.tz = "America/New_York"
        self.assertEqual(self._send(2024, 3, 4, 11, 59), 0, "6:59 over there")
        self.assertEqual(self._send(2024, 3, 4, 12, 0), 1)
        self.assertEqual(self._send(2024, 3, 4, 12, 15), 0)
        self.assertEqual(self._send(2024, 3, 5, 12, 15), 1)
        body = self._messages(self.user_lead)[0].body
        self.assertIn("Lost in the post", body)
        self.assertIn("250", body)

    def test_a_morning_that_is_over_is_left_out(self):
        self._create_case()
        self.assertEqual(self._send(2024, 3, 4, 15, 0), 0)

    def test_nothing_to_say_or_switched_off(self):
        self.assertEqual(self._send(2024, 3, 4, 7, 0), 0)
        self._create_case()
        self.user_lead.company_id.exception_digest_hour = -1
        self.assertEqual(self._send(2024, 3, 4, 7, 0), 0)

    def test_only_the_own_teams_count(self):
        other = self._create_team(lead_id=self.user_manager.id)
        self._create_case(team_id=other.id)
        self.assertEqual(self._send(2024, 3, 4, 7, 0), 0)
        self.assertTrue(self._messages(self.user_manager))

    def test_mails_leave_within_a_minute_not_with_the_hourly_queue(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"]
        asked = [("cron_id", "=", queue.id)]
        triggers.search(asked).unlink()
        self._create_case_with_clock(user_id=self.user_agent.id)
        self._tick(NOW - 2 * HOUR)
        self.assertFalse(triggers.search(asked), "nothing was sent")
        self._tick(NOW - HOUR)
        self.assertEqual(len(triggers.search(asked)), 1)
        triggers.search(asked).unlink()
        self.assertEqual(self._send(2024, 3, 4, 7, 0), 1)
        self.assertEqual(len(triggers.search(asked)), 1)
