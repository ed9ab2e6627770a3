from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon


@tagged("post_install", "-at_install")
class TestTypeStage(PlaybookCommon):
    """How far a type goes by itself: raised by figures and a second person, lowered at once."""

    def setUp(self):
        super().setUp()
        self.kind = self._create_type(disposition="auto")
        self.env["ir.config_parameter"].set_param("exception_core.stage_cases", 3)
        self.second = self._create_user("test_exception_second", "exception_core.group_manager")

    def _work(self, right=3, overridden=0):
        action = self._create_action("case.write({'description': 'x'})", risk="medium")
        playbook = self._create_playbook({"kind": "action", "action_id": action.id})
        for number in range(right + overridden):
            case = self._create_case(type_id=self.kind.id, user_id=self.user_agent.id)
            case._start_playbook(playbook)
            self._sweep()
            step = case.step_ids.with_user(self.user_agent)
            if number < right:
                step.tick()
            else:
                step.skip("something else was right")

    def test_begins_with_proposing(self):
        self.assertEqual(self.kind.automation_stage, "propose")

    def test_raised_by_figures_and_a_second_person(self):
        kind = self.kind.with_user(self.user_manager)
        with self.assertRaisesRegex(UserError, "3 cases"):
            kind.request_stage("it works")
        self._work()
        kind.request_stage("it works")
        stage = kind.stage_request_id
        self.assertEqual(kind.automation_stage, "propose", "not before somebody agrees")
        with self.assertRaisesRegex(UserError, "second person"):
            stage.with_user(self.user_manager).agree()
        with self.assertRaises(AccessError):
            stage.with_user(self.user_lead).agree()
        stage.with_user(self.second).agree("I looked at them")
        self.assertEqual((kind.automation_stage, stage.state), ("approve", "agreed"))
        self.assertIn("3 cases: 100 % right", stage.figures)
        self.assertIn("0 cases", kind.stage_figures, "counted anew at the next stage")
        with self.assertRaises(UserError):
            stage.with_user(self.second).agree()

    def test_wrong_ones_count(self):
        self._work(right=3, overridden=1)
        self.assertIn("95", self.kind.stage_lacking)
        with self.assertRaises(UserError):
            self.kind.with_user(self.user_manager).request_stage("please")

    def test_figures_are_asked_again_when_it_is_agreed(self):
        self._work()
        self.kind.with_user(self.user_manager).request_stage("it works")
        self._work(right=0, overridden=2)
        with self.assertRaisesRegex(UserError, "do not suffice"):
            self.kind.stage_request_id.with_user(self.second).agree()

    def test_refused_with_a_reason(self):
        self._work()
        stage = self.kind.with_user(self.user_manager).request_stage("it works")
        with self.assertRaises(UserError):
            stage.with_user(self.second).refuse("")
        stage.with_user(self.second).refuse("wait for the audit")
        self.assertEqual(stage.state, "refused")
        self.assertEqual(self.kind.automation_stage, "propose")

    def test_falls_back_with_one_click(self):
        self.kind.automation_stage = "auto"
        with self.assertRaises(AccessError):
            self.kind.with_user(self.user_agent).lower_stage()
        self.kind.with_user(self.user_lead).action_lower_stage()
        self.assertEqual(self.kind.automation_stage, "approve")
        self.assertEqual(self.kind.stage_ids[0].state, "lowered")
        self.kind._fall_back("too many failures")
        self.assertEqual(self.kind.automation_stage, "propose")

    def test_nobody_sets_it_by_hand(self):
        with self.assertRaises(UserError):
            self.kind.with_user(self.user_admin).automation_stage = "auto"
        values = {
            "name": "Mine",
            "code": "mine",
            "category_id": self.category.id,
            "team_id": self.team.id,
            "sla_policy_id": self.env.ref("exception_core.sla_policy_standard").id,
        }
        types = self.env["exception.type"].with_user(self.user_admin)
        with self.assertRaises(UserError):
            types.create({**values, "automation_stage": "auto"})
        made = types.with_context(default_automation_stage="auto").create(values)
        self.assertEqual(made.automation_stage, "propose")
        with self.assertRaises(AccessError):
            self.env["exception.type.stage"].with_user(self.user_admin).create({})

    def test_it_is_on_the_trail(self):
        self._work()
        stage = self.kind.with_user(self.user_manager).request_stage("it works")
        stage.with_user(self.second).agree()
        self.kind.with_user(self.second).lower_stage("complaints")
        entries = self.env["exception.audit.entry"].search(
            [("res_model", "=", "exception.type"), ("res_id", "=", self.kind.id)]
        )
        self.assertLessEqual({"stage.raised", "stage.lowered"}, set(entries.mapped("event")))

    def test_dialog(self):
        self._work()
        action = self.kind.with_user(self.user_manager).action_request_stage()
        dialog = self.env[action["res_model"]].with_user(self.user_manager)
        dialog = dialog.with_context(**action["context"]).create({"note": "it works"})
        self.assertFalse(dialog.lacking)
        dialog.action_apply()
        stage = self.kind.stage_request_id
        action = stage.with_user(self.second).action_refuse()
        dialog = self.env[action["res_model"]].with_user(self.second)
        dialog.with_context(**action["context"]).create({"note": "no"}).action_apply()
        self.assertEqual(stage.state, "refused")
