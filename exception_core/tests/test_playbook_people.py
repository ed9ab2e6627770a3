from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon


@tagged("post_install", "-at_install")
class TestPlaybookPeople(PlaybookCommon):
    """Who does steps, and who may not."""

    def setUp(self):
        super().setUp()
        self.play = self._start(self._create_playbook("Do it", "Then"))
        self._sweep()
        self.step = self.play.step_ids[0]

    def test_activity_is_the_face_of_the_step(self):
        activity = self.play.case_id.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.user_agent, "Do it"))
        activity.with_user(self.user_agent).action_feedback("all done")
        self.assertEqual((self.step.state, self.step.note), ("done", "all done"))
        self.assertEqual(self.play.case_id.activity_ids.summary, "Then")

    def test_deleted_activity_leaves_the_step_waiting(self):
        self.play.case_id.activity_ids.with_user(self.user_agent).unlink()
        self.assertEqual(self.step.state, "waiting")

    def test_activity_given_to_a_colleague_gives_the_step(self):
        activity = self.play.case_id.activity_ids.with_user(self.user_agent)
        activity.user_id = self.user_colleague
        self.assertEqual(self.step.user_id, self.user_colleague)

    def test_step_of_the_owner_follows_the_case(self):
        self.play.case_id.with_user(self.user_lead).assign(self.user_colleague.id)
        self.assertEqual(self.step.user_id, self.user_colleague)
        self.assertEqual(self.play.case_id.activity_ids.user_id, self.user_colleague)

    def test_others_cannot_tick(self):
        with self.assertRaisesRegex(UserError, "is for"):
            self.step.with_user(self.user_colleague).tick()
        for role in ("approver", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.step.with_user(self.users[role]).tick()
        self.step.with_user(self.user_lead).tick()
        self.assertEqual(self.step.done_by_id, self.user_lead)

    def test_nobody_writes_steps_by_hand(self):
        for user in (self.user_agent, self.user_admin):
            with self.assertRaises(AccessError):
                self.step.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                self.play.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.play.case_id.with_user(self.user_agent).write({"playbook_id": False})

    def test_team_step_is_for_every_member(self):
        team = self._create_team(
            lead_id=self.user_lead.id, member_ids=[(6, 0, self.user_colleague.ids)]
        )
        play = self._start(self._create_playbook({"owner_kind": "team", "team_id": team.id}))
        self._sweep()
        steps = self.env["exception.case.step"].with_user(self.user_colleague)
        self.assertIn(play.step_ids, steps.search([("is_mine", "=", True)]))
        self.assertNotIn(play.step_ids, steps.search([("is_mine", "=", False)]))
        self.assertEqual(play.case_id.activity_ids.user_id, self.user_lead)
        play.step_ids.with_user(self.user_colleague).tick()
        self.assertEqual(play.state, "done")

    def test_skipping_needs_a_reason(self):
        with self.assertRaises(UserError):
            self.step.with_user(self.user_agent).skip(" ")
        self.step.with_user(self.user_agent).skip("not needed")
        self.assertEqual(self._states(self.play), ["skipped", "waiting"])

    def test_todo_step_is_not_ticked_before_its_turn(self):
        with self.assertRaisesRegex(UserError, "not waiting"):
            self.play.step_ids[1].with_user(self.user_agent).tick()

    def test_dialogs(self):
        dialog = self.env["exception.case.step.answer"].with_user(self.user_agent)
        dialog.create(
            {"step_id": self.step.id, "choice": "give_up", "note": "could not"}
        ).action_apply()
        self.assertEqual(self.play.state, "undone")
        case = self.play.case_id
        dialog = self.env["exception.case.playbook"].with_user(self.user_agent)
        dialog = dialog.with_context(exception_case_ids=case.ids).create(
            {"playbook_id": self.play.playbook_id.id}
        )
        self.assertIn(self.play.playbook_id, dialog.available_playbook_ids)
        dialog.action_apply()
        self.assertEqual(case.play_state, "waiting")
        dialog.write({"choice": "end", "note": "another way"})
        dialog.action_apply()
        self.assertEqual(case.play_state, "ended")

    def test_person_decides_on_another_playbook(self):
        other = self._create_playbook("Other")
        case = self.play.case_id.with_user(self.user_agent)
        case.change_decision({"playbook_id": other.id})
        self.assertEqual((case.playbook_id, case.play_id.playbook_id), (other, other))

    def test_message_to_the_customer_goes_once_by_the_queue(self):
        self.partner.email = "customer@example.com"
        reply = self.env["exception.reply"].create(
            {"name": "Where to", "subject": "Hello", "body": "<p>Dear {{customer}}</p>"}
        )
        reply.with_user(self.user_manager).action_approve()
        playbook = self._create_playbook(
            {"kind": "notify", "notify_to": "customer", "reply_id": reply.id}, {"kind": "wait"}
        )
        play = self._start(playbook, partner_id=self.partner.id)
        self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])
        messages = play.case_id.message_ids.filtered(lambda m: self.partner in m.partner_ids)
        self.assertEqual(len(messages), 1)
        self.assertIn("Dear Test customer", messages.body)
        self.assertFalse(play.case_id.first_response_at and messages.author_id.user_ids)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", messages.id)])
        mails = mails.filtered(lambda mail: self.partner in mail.recipient_ids)
        self.assertEqual(mails.mapped("state"), ["outgoing"])
