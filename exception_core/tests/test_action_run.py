from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .action_common import ActionCommon

ADD_X = "case.write({'description': (case.description or '') + 'x'})"


@tagged("post_install", "-at_install")
class TestActionRun(ActionCommon):
    """An action is proposed, submitted and done, once for each key."""

    def test_done_with_what_it_changed(self):
        action = self._create_action(
            "case.write({'description': 'seen by ' + env.user.login})\nrun._say('Well done')",
            field_ids=[(6, 0, self._field("description").ids)],
        )
        run = self._run(action)
        self.assertEqual((run.state, run.result, run.attempts), ("done", "Well done", 1))
        self.assertEqual(self.case.description, f"seen by {self.user_agent.login}")
        self.assertEqual(run.before["description"]["value"], False)
        self.assertEqual(run.after["description"]["value"], self.case.description)
        self.assertEqual(run.requested_by, self.user_agent)
        self.assertFalse(run.automated)

    def test_a_failure_leaves_nothing_of_it(self):
        action = self._create_action(
            "case.write({'description': 'half'})\nraise UserError('The bank is closed')"
        )
        run = self._run(action)
        self.assertEqual((run.state, run.error), ("failed", "The bank is closed"))
        self.assertFalse(self.case.description)
        self.assertIn("The bank is closed", self.case.message_ids[0].body)

    def test_once_for_a_key(self):
        action = self._create_action(ADD_X, key_template="{action}/{case}")
        first = self._run(action)
        second = self._run(action, user=self.user_lead)
        self.assertEqual(first, second)
        self.assertEqual(self.case.description, "x")

    def test_each_request_by_itself(self):
        action = self._create_action(ADD_X)
        self.assertNotEqual(self._run(action), self._run(action))
        self.assertEqual(self.case.description, "xx")

    def test_inputs_reach_the_code(self):
        action = self._create_action(
            "case.write({'description': '%s days' % values['days']})",
            parameter_ids=[
                (0, 0, {"name": "days", "label": "Days", "kind": "integer", "maximum": 30})
            ],
        )
        self._run(action, values={"days": "14"})
        self.assertEqual(self.case.description, "14 days")
        for wrong in ({"days": 31}, {"days": "soon"}, {}, {"days": 1, "hours": 2}):
            with self.subTest(wrong), self.assertRaises(UserError):
                self._run(action, values=wrong)

    def test_who_may(self):
        action = self._create_action(
            group_ids=[(6, 0, self.env.ref("exception_core.group_manager").ids)]
        )
        with self.assertRaises(AccessError):
            self._run(action)
        self.assertEqual(self._run(action, user=self.user_manager).state, "done")
        for role in ("approver", "auditor", "outsider"):
            with self.subTest(role), self.assertRaises(UserError):
                self._run(action, user=self.users[role])

    def test_whoever_asked_must_still_be_allowed_when_it_is_done(self):
        action = self._create_action(is_external=True, run_as="system")
        run = self._run(action)
        self.assertEqual(run.state, "queued")
        self.user_agent.groups_id = [(3, self.env.ref("exception_core.group_user").id)]
        run._execute()
        self.assertEqual(run.state, "proposed")
        self.assertTrue(run.why)

    def test_money_does_not_move_for_a_case_that_has_ended(self):
        action = self._create_action(is_external=True, money="case")
        run, light = self._run(action), self._run(self._create_action(is_external=True))
        self.case.cancel_case(note="The customer has paid")
        run._execute()
        light._execute()
        self.assertEqual((run.state, light.state), ("proposed", "done"))
        with self.assertRaises(UserError):
            self._run(action)

    def test_with_the_rights_of_the_person(self):
        code = "record.write({'comment': 'paid'})"
        action = self._create_action(code, model="res.partner")
        run = self._run(action)
        self.assertEqual(run.state, "failed", "agents may not write contacts")
        action.run_as = "system"
        self.assertEqual(self._run(action).state, "done")
        self.assertIn("paid", self.partner.comment)

    def test_an_action_on_records_of_another_kind(self):
        action = self._create_action(model="res.company")
        with self.assertRaises(UserError):
            self._run(action)

    def test_nobody_forges_a_run(self):
        run = self._run(self._create_action())
        for role in ("agent", "lead", "manager", "admin"):
            with self.subTest(role), self.assertRaises(UserError):
                run.with_user(self.users[role]).write({"state": "proposed"})
        forged = self.case.with_user(self.user_agent).with_context(default_state="done")
        state = forged.run_action(self._create_action("raise UserError('no')").id)["state"]
        self.assertEqual(state, "failed")

    def test_the_same_key_with_other_inputs_is_refused(self):
        action = self._create_action(
            "case.write({'description': values['text']})",
            key_template="{action}/{case}",
            parameter_ids=[(0, 0, {"name": "text", "label": "Text", "kind": "text"})],
        )
        run = self._run(action, values={"text": "one"})
        self.assertEqual(self._run(action, values={"text": "one"}), run)
        with self.assertRaisesRegex(UserError, "asked for already.*Text: one.*Done"):
            self._run(action, values={"text": "two"})
        self.assertEqual(self.case.description, "one")

    def test_who_asks_for_what_a_machine_proposed_is_the_requester(self):
        action = self._create_action(key_template="{action}/{case}", money="case", limit_run=5.0)
        self.case.amount = 10.0
        run = self._automate(action)
        self.assertEqual((run.state, run.automated), ("proposed", True))
        action.limit_run = 0.0
        result = self.case.with_user(self.user_lead).run_action(action.id, reason="It is urgent")
        self.assertEqual((result["run_id"], result["state"]), (run.id, "done"))
        self.assertEqual((run.requested_by, run.automated), (self.user_lead, False))
        self.assertEqual(run.reason, "It is urgent")
        self.assertFalse(result["was_there"], "it was done now")
        again = self.case.with_user(self.user_agent).run_action(action.id)
        self.assertTrue(again["was_there"])
        self.assertEqual(run.requested_by, self.user_lead)

    def _apply(self, action):
        """Do an action in the dialog; return what is shown."""
        dialog = self.env["exception.action.dialog"].with_user(self.user_agent)
        dialog = dialog.create({"case_id": self.case.id, "action_id": action.id})
        return dialog.action_apply()

    def test_the_dialog_says_how_it_ended(self):
        broken = self._create_action("raise UserError('The bank is closed')")
        params = self._apply(broken)["params"]
        self.assertEqual((params["title"], params["type"]), ("It went wrong", "danger"))
        self.assertIn("The bank is closed", params["message"])
        once = self._create_action(key_template="{action}/{case}")
        self.assertEqual(self._apply(once)["type"], "ir.actions.act_window_close")
        self.assertEqual(self._apply(once)["params"]["title"], "It was done already")
        later = self._external("case", key_template="{action}/{case}")
        self._apply(later)
        self.assertEqual(self._apply(later)["params"]["title"], "It was asked for already")
