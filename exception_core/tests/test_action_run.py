from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ExceptionCommon

ADD_X = "case.write({'description': (case.description or '') + 'x'})"


@tagged("post_install", "-at_install")
class TestActionRun(ExceptionCommon):
    """An action is proposed, submitted and done, once for each key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()

    def _run(self, action, case=None, user=None, values=None):
        case = (case or self.case).with_user(user or self.user_agent)
        result = case.run_action(action.id, values)
        return self.env["exception.action.run"].browse(result["run_id"])

    def test_done_with_what_it_changed(self):
        fields = self.env["ir.model.fields"]
        action = self._create_action(
            "case.write({'description': 'seen by ' + env.user.login})\nrun._say('Well done')",
            field_ids=[(6, 0, fields._get("exception.case", "description").ids)],
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
            with self.subTest(role), self.assertRaises(AccessError):
                run.with_user(self.users[role]).write({"state": "proposed"})
        forged = self.case.with_user(self.user_agent).with_context(default_state="done")
        state = forged.run_action(self._create_action("raise UserError('no')").id)["state"]
        self.assertEqual(state, "failed")
