from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestActionUndo(ActionCommon):
    """What was done is taken back once, unless somebody has changed it since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.describe = cls._create_action(
            field_ids=[(6, 0, cls._field("description").ids)], undo_kind="restore", risk="low"
        )

    def test_put_back(self):
        self.case.description = "as it was"
        run = self._run(self.describe)
        self.assertEqual(self.case.description, "done")
        answer = run.with_user(self.user_agent).undo("a mistake")
        self.assertEqual((answer["state"], run.state), ("done", "undone"))
        self.assertEqual(self.case.description, "as it was")
        self.assertTrue(run.told, "the case and the playbook know")
        with self.assertRaises(UserError):
            run.undo("again")

    def test_not_when_somebody_changed_it_since(self):
        run = self._run(self.describe)
        self.case.description = "somebody else's words"
        with self.assertRaisesRegex(UserError, "somebody else's words"):
            run.with_user(self.user_agent).undo("a mistake")
        self.assertEqual((run.state, self.case.description), ("done", "somebody else's words"))

    def test_changed_between_asking_and_doing(self):
        run = self._run(self.describe)
        self.patch(type(run), "_queue", lambda self, **vals: self._store({"state": "queued"}))
        undo = run._undo("a mistake")
        self.case.description = "meanwhile"
        undo._execute()
        self.assertEqual((undo.state, run.state), ("failed", "done"))
        self.assertIn("meanwhile", undo.error)
        self.assertEqual(self.case.description, "meanwhile")

    def test_by_the_inverse_action(self):
        drop = self._create_action(
            "case.write({'description': values['kept']})",
            parameter_ids=[(0, 0, {"name": "kept", "label": "Kept", "required": False})],
        )
        action = self._create_action(
            "run._keep(kept=case.description or '')\ncase.write({'description': 'done'})",
            undo_kind="action",
            undo_action_id=drop.id,
        )
        self.case.description = "before"
        run = self._run(action)
        run.with_user(self.user_agent).undo("a mistake")
        self.assertEqual((run.state, self.case.description), ("undone", "before"))
        self.assertEqual(run.undo_ids.action_id, drop)

    def test_within_its_time(self):
        self.describe.undo_hours = 24
        run = self._run(self.describe)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertFalse(run.can_undo)
            with self.assertRaises(UserError):
                run.undo("too late")

    def test_needs_a_reason_and_somebody_who_may(self):
        run = self._run(self.describe)
        for role in ("approver", "auditor", "outsider"):
            with self.subTest(role), self.assertRaises(UserError):
                run.with_user(self.users[role]).undo("I want it back")
        with self.assertRaises(UserError):
            run.with_user(self.user_agent).undo(" ")
        self.assertEqual(run.state, "done")

    def test_low_risk_only_what_can_be_taken_back(self):
        with self.assertRaises(ValidationError):
            self._create_action(risk="low")
        with self.assertRaises(ValidationError):
            self.describe.undo_kind = "none"
        with self.assertRaises(ValidationError):
            self.describe.field_ids = False

    def test_what_was_taken_back_may_be_asked_again(self):
        self.describe.key_template = "{action}/{case}"
        run = self._run(self.describe)
        run.with_user(self.user_agent).undo("a mistake")
        again = self._run(self.describe)
        self.assertNotEqual(run, again)
        self.assertEqual(self.case.description, "done")

    def test_a_failed_taking_back_can_be_asked_again(self):
        drop = self._create_action("raise UserError('closed')")
        action = self._create_action(undo_kind="action", undo_action_id=drop.id)
        run = self._run(action)
        agent = run.with_user(self.user_agent)
        self.assertEqual(agent.undo("a mistake")["state"], "failed")
        self.assertEqual(agent.undo("a mistake")["state"], "failed")
        drop.server_action_id.code = "case.write({'description': 'before'})"
        self.assertEqual(agent.undo("a mistake")["state"], "done")
        self.assertEqual((run.state, self.case.description), ("undone", "before"))
        states = run.undo_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["abandoned", "abandoned", "done"])
        kind = self.env.ref("exception_core.mail_activity_type_action")
        left = self.case.activity_ids.filtered(lambda one: one.activity_type_id == kind)
        self.assertFalse(left, "nobody is called to what is settled")
