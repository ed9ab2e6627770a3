import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriageAgain(TriageCommon):
    """Triage of cases that are there already: only what nobody has begun or decided."""

    def test_triage_again(self):
        old = self._create_rule(severity="1", team_id=self.team_b.id)
        case = self._open()
        old.write({"enabled": False})
        new = self._create_rule("[('severity', '=', '3')]", severity="2")
        for _round in range(2):
            result = case.with_user(self.user_manager).retriage()
            self.assertEqual(result["done"], case.ids)
            self.assertEqual((case.severity, case.team_id), ("2", self.team))
            self.assertEqual(case.rule_ids, new)
            self.assertEqual(set(case.decisions), {"severity"})

    def test_triage_again_keeps_what_a_person_has_decided(self):
        case = self._open()
        case.with_user(self.user_agent).severity = "4"
        self._create_rule(severity="1", protect=True, team_id=self.team_b.id)
        case.with_user(self.user_manager).retriage()
        self.assertEqual((case.severity, case.team_id), ("4", self.team_b))
        self.assertEqual(json.loads(json.dumps(case.decisions))["severity"]["person"]["value"], "4")

    def test_triage_again_leaves_begun_cases_alone(self):
        cases = self._open() | self._open(record=self.records[1])
        cases[0].with_user(self.user_agent).assign_to_me()
        self._create_rule(severity="1")
        result = cases.with_user(self.user_manager).retriage()
        self.assertEqual((result["done"], len(result["skipped"])), (cases[1].ids, 1))
        self.assertEqual(cases.mapped("severity"), ["3", "1"])

    def test_only_managers_triage_again(self):
        case = self._open()
        for role in ("agent", "lead", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                case.with_user(self.users[role]).retriage()
