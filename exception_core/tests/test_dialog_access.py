from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestDialogAccess(ExceptionCommon):
    """Dialogs tell nothing about what their user may not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret_team = cls._create_team(private=True, lead_id=cls.user_manager.id)
        cls.secret = cls._create_case(title="Fraud of a colleague", team_id=cls.secret_team.id)
        problem = cls.env["exception.problem"].with_user(cls.user_manager)
        cls.secret_problem = problem.create(
            {"title": "Fraud in the warehouse", "team_id": cls.secret_team.id}
        )
        cls.case = cls._create_case()

    def _dialog(self, model, user=None):
        return self.env[model].with_user(user or self.user_agent)

    def test_records_named_by_their_id_must_be_seen(self):
        values = [
            ("exception.case.merge", {"master_id": self.secret.id}),
            ("exception.case.wait", {"case_ids": [(6, 0, self.secret.ids)]}),
            ("exception.case.assign", {"team_id": self.secret_team.id}),
            ("exception.case.decide", {"team_id": self.secret_team.id}),
            ("exception.problem.add", {"problem_id": self.secret_problem.id}),
            ("exception.problem.message", {"problem_id": self.secret_problem.id}),
        ]
        for model, vals in values:
            with self.subTest(model=model, vals=vals):
                with self.assertRaises(AccessError):
                    self._dialog(model).create(vals)
                with self.assertRaises(AccessError):
                    self._dialog(model).onchange(vals, list(vals), dict.fromkeys(vals, {}))
                defaults = {f"default_{name}": value for name, value in vals.items()}
                with self.assertRaises(AccessError):
                    spec = {name: {"fields": {"display_name": {}}} for name in vals}
                    self._dialog(model).with_context(**defaults).onchange({}, [], spec)
        merge = self._dialog("exception.case.merge").create({"master_id": self.case.id})
        with self.assertRaises(AccessError):
            merge.master_id = self.secret.id

    def test_a_dialog_is_its_users_own(self):
        manager = self._dialog("exception.case.merge", self.user_manager)
        dialog = manager.create({"master_id": self.secret.id, "note": "Not a word to anybody"})
        self.assertEqual(dialog.master_id, self.secret)
        agent = dialog.with_user(self.user_agent)
        self.assertFalse(agent.search([]))
        with self.assertRaises(AccessError):
            agent.read(["master_id"])

    def test_results_are_made_by_the_model_and_read_by_their_user(self):
        other = self._create_case()
        other.with_user(self.user_manager).assign_to_me()
        cases = (self.case | other).with_user(self.user_agent)
        action = cases.action_assign_to_me()
        result = self._dialog(action["res_model"]).browse(action["res_id"])
        self.assertEqual(result.line_ids.case_id, other)
        self.assertFalse(self._dialog("exception.bulk.result.line", self.user_colleague).search([]))
        with self.assertRaises(AccessError):
            result.line_ids.case_id = self.secret.id

    def test_a_team_is_evened_out_by_what_its_lead_sees(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        (self.user_agent | self.user_colleague).company_ids |= elsewhere
        foreign = self._create_cases(4, company_id=elsewhere.id, title="Of another company")
        foreign._give(self.user_agent.id, "rebalance")
        mine = self._create_cases(4)
        mine._give(self.user_agent.id, "rebalance")
        team = self.team.with_user(self.user_lead)
        team = team.with_context(allowed_company_ids=self.user_lead.company_ids.ids)
        action = team.action_rebalance()
        dialog = team.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(dialog.line_ids)
        self.assertLessEqual(dialog.line_ids.case_id, mine)
        with self.assertRaises(AccessError):
            dialog.line_ids[0].case_id = foreign[0].id
