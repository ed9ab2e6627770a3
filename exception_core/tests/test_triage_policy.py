from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriagePolicy(ApprovalCommon, TriageCommon):
    """A triage rule says which approval policy judges what is asked for on a case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strict = cls._create_matrix([cls._level(cls.director)], name="Strict", sequence=99)
        cls.rule = cls._create_rule("[('amount', '>=', 500)]", matrix_id=cls.strict.id)

    def test_the_policy_of_the_rule_judges(self):
        large, small = self._open(amount=900.0), self._open(amount=5.0)
        self.assertEqual((large.matrix_id, small.matrix_id), (self.strict, self.matrix.browse()))
        self.assertEqual(self._ask(large).approver_ids, self.director)
        self.assertEqual(self._ask(small).approver_ids, self.finance)
        self.assertEqual(large.rule_ids, self.rule)

    def test_the_panel_says_which_rule(self):
        case = self._open(amount=900.0)
        lines = {line["name"]: line for line in case.with_user(self.user_agent).decision_lines}
        self.assertEqual(lines["matrix_id"]["kind"], "rule")
        self.assertEqual(lines["matrix_id"]["rule"], self.rule.name)
        self.assertEqual(lines["matrix_id"]["value"], "Strict")

    def test_nobody_chooses_who_has_to_agree(self):
        case = self._open(amount=900.0)
        lax = self._create_matrix([self._level(self.user_agent)], name="Lax", sequence=98)
        for user in (self.user_agent, self.user_manager):
            with self.assertRaises(UserError):
                case.with_user(user).change_decision({"matrix_id": lax.id}, self.override_reason.id)
            with self.assertRaises(UserError):
                case.with_user(user).write({"matrix_id": lax.id})
        self.assertEqual(case.matrix_id, self.strict)

    def test_only_administrators_choose_policies_by_rules(self):
        rule, other = self.rule.with_user(self.user_lead), self._create_rule("[]")
        for vals in (
            {"matrix_id": self.matrix.id},
            {"domain": "[('amount', '>=', 5000)]"},
            {"enabled": False},
            {"fact_ids": [(0, 0, {"key": "days", "operator": ">", "value": "99"})]},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                rule.write(vals)
        with self.assertRaises(AccessError):
            other.with_user(self.user_lead).write({"matrix_id": self.matrix.id})
        with self.assertRaises(AccessError):
            self.Rule.with_user(self.user_lead).create(
                {"name": "Mine", "matrix_id": self.matrix.id}
            )
        other.with_user(self.user_lead).write({"severity": "1"})
        rule.with_user(self.user_admin).write({"matrix_id": self.matrix.id})
        self.assertEqual(self._open(amount=900.0).matrix_id, self.matrix)

    def test_a_rule_above_that_stops_does_not_take_the_policy_away(self):
        self._create_rule("[]", sequence=1, stop=True)
        self.assertEqual(self._open(amount=900.0).matrix_id, self.strict)

    def test_another_rule_when_asked_again(self):
        case = self._open(amount=900.0)
        self.rule.matrix_id = self.matrix
        case.with_user(self.user_manager).retriage()
        self.assertEqual(case.matrix_id, self.matrix)
        self.rule.write({"enabled": False})
        case.with_user(self.user_manager).retriage()
        self.assertFalse(case.matrix_id)

    def test_a_policy_out_of_use_is_not_given(self):
        self.strict.enabled = False
        self.assertFalse(self._open(amount=900.0).matrix_id)

    def test_a_policy_of_another_company_is_not_given(self):
        self.strict.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self._open(amount=900.0).matrix_id)

    def test_archived_ones_are_refused_when_configured(self):
        self.strict.write({"enabled": False, "active": False})
        with self.assertRaises(ValidationError):
            self._create_rule("[]", matrix_id=self.strict.id)
