from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon

WRITES = ("INSERT", "UPDATE", "DELETE")


@tagged("post_install", "-at_install")
class TestPlaybookTry(PlaybookCommon):
    """A dry run says what would happen, and does nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._create_action(
            "case.write({'description': 'done'})", preview="Describes {case}", risk="medium"
        )
        cls.playbook = cls._create_playbook(
            {"name": "Large ones", "domain": "[('amount', '>', 100)]"},
            {"kind": "event", "event_name": "warehouse.look"},
            {"kind": "wait", "wait_for": "time", "timeout_seconds": 3600},
            {"kind": "notify", "notify_to": "owner", "message": "Look"},
            {"kind": "action", "action_id": cls.action.id},
            {"kind": "approval", "question": "May we?"},
            enabled=False,
        )
        cls.case = cls._create_case(user_id=cls.user_agent.id, amount=5)

    def test_says_what_would_happen_and_why(self):
        self.case.with_user(self.user_agent).cancel_case(note="over")
        result = self.playbook.with_user(self.user_lead).try_on_cases(self.case.ids)[0]
        rows = result["steps"]
        happens = [row["happens"] for row in rows]
        self.assertEqual(happens[:5], ["skipped", "done", "waits", "done", "person"])
        self.assertIn("above 100", rows[0]["why"])
        self.assertEqual(rows[3]["who"], self.user_agent.name)
        self.assertIn(f"Describes {self.case.name}", rows[4]["what"])
        self.assertIn(happens[5], ("approval", "blocked"))
        self.assertTrue(rows[5]["why"])

    def test_writes_nothing(self):
        self.env.flush_all()
        statements = []
        cursor = type(self.env.cr)
        execute = cursor.execute

        def listen(cr, query, *args, **kwargs):
            statements.append(getattr(query, "code", query))
            return execute(cr, query, *args, **kwargs)

        self.patch(cursor, "execute", listen)
        self.playbook.with_user(self.user_lead).try_on_cases(self.case.ids)
        self.env.flush_all()
        self.assertTrue(statements)
        written = [one for one in statements if one.lstrip().upper().startswith(WRITES)]
        self.assertEqual(written, [])
        self.assertFalse(self.case.play_ids)

    def test_sees_only_what_the_person_sees(self):
        private = self._create_team(private=True)
        secret = self._create_case(team_id=private.id)
        with self.assertRaises(AccessError):
            self.playbook.with_user(self.user_lead).try_on_cases(secret.ids)

    def test_dialog_needs_no_saving(self):
        dialog = self.env["exception.playbook.try"].with_user(self.user_lead)
        dialog = dialog.with_context(default_playbook_id=self.playbook.id)
        values = dialog.onchange(
            {},
            [],
            {"playbook_id": {}, "type_id": {}, "case_id": {}, "result_html": {}, "summary": {}},
        )["value"]
        self.assertIn("warehouse.look", values["result_html"])
        self.assertIn("cases", values["summary"])
        self.assertFalse(dialog.search([]))

    def test_asks_the_policy_about_the_amount_of_the_action(self):
        self.env["exception.approval.matrix"].search([]).write({"enabled": False})
        approver = self._create_user("test_exception_big", "exception_core.group_approver")
        self.env["exception.approval.matrix"].create(
            {
                "name": "By amount",
                "enabled": True,
                "level_ids": [
                    (0, 0, {"name": "Small", "is_auto": True, "amount_to": 50.0}),
                    (
                        0,
                        0,
                        {
                            "name": "Large",
                            "amount_from": 50.01,
                            "approver_user_ids": [(6, 0, approver.ids)],
                        },
                    ),
                ],
            }
        )
        pay = self._create_action(
            approval="matrix",
            money="input",
            parameter_ids=[(0, 0, {"name": "sum", "label": "Sum", "kind": "amount"})],
        )
        given = (0, 0, {"parameter_id": pay.parameter_ids.id, "source": "value", "value": "90"})
        playbook = self._create_playbook(
            {"kind": "action", "action_id": pay.id, "input_ids": [given]}, enabled=False
        )
        kind = self._create_type(disposition="auto", automation_stage="auto")
        case = self._create_case(type_id=kind.id, disposition="auto", amount=5)
        row = playbook.with_user(self.user_lead).try_on_cases(case.ids)[0]["steps"][0]
        self.assertEqual((row["happens"], row["who"]), ("approval", approver.name))
