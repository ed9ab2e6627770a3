from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_playbook import PlaybookCommon

TUESDAY = "2024-03-05 09:00:00"
WEDNESDAY = "2024-03-06 09:00:00"


@tagged("post_install", "-at_install")
class TestPlaybookFlow(PlaybookCommon):
    """Waits, time limits and failures."""

    @freeze_time(TUESDAY)
    def test_wait_for_time_counts_working_hours_and_lays_the_case_aside(self):
        playbook = self._create_playbook(
            {"kind": "wait", "wait_for": "time", "timeout_seconds": 4 * 3600}, "Then"
        )
        play = self._start(playbook)
        case = play.case_id
        self._sweep()
        due = case.sla_policy_id._calendar(case.team_id, case.company_id)._exception_due(
            [(play.started_at, 4 * 3600)]
        )[0]
        self.assertEqual(play.step_ids[0].due_at, due)
        self.assertEqual((case.state, case.waiting_until), ("waiting", due))
        self._sweep()
        self.assertEqual(play.step_ids[0].state, "waiting")
        with freeze_time(WEDNESDAY):
            self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertEqual(case.state, "open")

    def test_reply_of_the_customer_goes_on(self):
        play = self._start(self._create_playbook({"kind": "wait"}, "Then"))
        self._sweep()
        case = play.case_id
        self.assertEqual((case.state, case.waiting_for), ("waiting", "customer"))
        mail = {"email_from": "customer@example.com", "author_id": self.partner.id}
        case._mail_received(mail)
        self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertIn("customer@example.com", play.step_ids[0].note)
        self.assertEqual(case.state, "open")

    def test_event_that_comes_before_its_step_is_not_lost(self):
        play = self._start(
            self._create_playbook(
                "First", {"kind": "wait", "wait_for": "event", "event_name": "ok"}
            )
        )
        self._sweep()
        play.case_id._playbook_event("event", {"name": "something else"})
        play.case_id._playbook_event("event", {"name": "ok"})
        self._sweep()
        events = self.env["exception.play.event"].search([("play_id", "=", play.id)])
        self.assertEqual(events.mapped("is_new"), [False, False], "looked at once")
        play.step_ids[0].with_user(self.user_agent).tick()
        self.assertEqual(self._states(play), ["done", "done"])

    def test_process_that_dies_over_one_step_again_and_again(self):
        play = self._start(self._create_playbook("First"))
        plays = self.env["exception.play"]
        now = fields.Datetime.now()
        for number in range(3):
            later = fields.Datetime.add(now, minutes=6 * number)
            self.assertEqual(plays._claim(later), play, "begun, and never heard of again")
            self.assertFalse(plays._claim(later), "somebody has it")
        self._sweep(minutes=30)
        self.assertEqual((play.state, play.step_ids.state), ("stopped", "failed"))
        self.assertIn("3 times", play.note)
        self.assertTrue(play.case_id.activity_ids)
        play.step_ids.with_user(self.user_agent).retry()
        self.assertEqual((play.state, play.step_ids.state), ("waiting", "waiting"))

    def test_time_limit_reminds_once_and_again(self):
        play = self._start(self._create_playbook({"name": "Do it", "timeout_seconds": 3600}))
        self._sweep()
        self._sweep(days=7)
        step = play.step_ids
        self.assertEqual(step.state, "waiting")
        self.assertTrue(step.reminded_at)
        self.assertIn("Overdue", " ".join(play.case_id.activity_ids.mapped("summary")))

    def test_time_limit_goes_on(self):
        play = self._start(
            self._create_playbook({"timeout_seconds": 3600, "on_timeout": "go_on"}, "Then")
        )
        self._sweep()
        self._sweep(days=7)
        self.assertEqual(self._states(play), ["skipped", "waiting"])

    def test_failure_stops_and_a_person_goes_on(self):
        play = self._start(self._create_playbook({"on_failure": "stop"}, "Then"))
        self._sweep()
        step = play.step_ids[0].with_user(self.user_agent)
        step.give_up("nobody answers")
        self.assertEqual((play.state, step.state), ("stopped", "failed"))
        self.assertTrue(play.case_id.activity_ids)
        step.retry()
        self.assertEqual(step.state, "waiting")
        step.give_up("still nobody")
        step.skip("not needed any more")
        self.assertEqual(self._states(play), ["skipped", "waiting"])

    def test_failure_goes_to_another_step(self):
        playbook = self._create_playbook({"on_failure": "stop"}, "Second", "Third")
        playbook.step_ids[0].write(
            {"on_failure": "goto", "failure_step_id": playbook.step_ids[2].id}
        )
        play = self._start(playbook)
        self._sweep()
        play.step_ids[0].with_user(self.user_agent).give_up("no")
        self.assertEqual(self._states(play), ["failed", "skipped", "waiting"])

    @mute_logger("odoo.addons.exception_core.models.exception_play_advance")
    def test_going_round_in_circles_ends(self):
        playbook = self._create_playbook(
            {"kind": "event", "event_name": "again"},
            {"kind": "notify", "notify_to": "owner", "message": "Hello"},
        )
        playbook.step_ids[1].write(
            {"on_failure": "goto", "failure_step_id": playbook.step_ids[0].id}
        )
        team = self._create_team()
        play = self._start(playbook, case=self._create_case(team_id=team.id))
        team.sudo().lead_id.active  # noqa: B018 - there is a lead, so nobody is missing
        play.case_id.write({"team_id": False})
        self._sweep()
        self.assertEqual(play.state, "stopped")
        self.assertEqual(play.step_ids[0].tries, 10)

    def test_failure_for_good_takes_back_and_says_what_stays(self):
        playbook = self._create_playbook({"kind": "event", "event_name": "ship"}, "Do it")
        play = self._start(playbook)
        self._sweep()
        play.step_ids[1].with_user(self.user_agent).give_up("the customer refused")
        self.assertEqual(play.state, "undone")
        self.assertIn("What stays", play.note)
        self.assertIn("the event was sent", play.note)
        self.assertTrue(play.case_id.is_open)
