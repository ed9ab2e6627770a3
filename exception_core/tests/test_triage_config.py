from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriageConfig(TriageCommon):
    """Mistakes are refused when a rule is saved, with a sentence that says why."""

    def _refused(self, pattern, user=None, **values):
        rules = self.Rule.with_user(user or self.user_lead)
        with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint():
            rules.create({"name": "Wrong", "severity": "1", **values})

    def test_conditions_that_cannot_work(self):
        for domain, pattern in [
            ("[('nonsense', '=', 1)]", "no field “nonsense”"),
            ("[('partner_id.nonsense', '=', 1)]", "no field “nonsense”"),
            ("[('due_state', '=', 'ok')]", "not stored"),
            ("[('facts', '=', 'x')]", "what the detector saw"),
            ("[('title', 'resembles', 'x')]", "evaluated"),
            ("[('title'", "cannot be read"),
            ("1 + 1", "cannot be read"),
            ("[('amount', '>', __import__('os'))]", "cannot be read"),
            ("[('amount', '>', somebody)]", "cannot be read"),
            ("[('severity', '=', '1'), '|']", "evaluated|condition"),
        ]:
            with self.subTest(domain=domain):
                self._refused(pattern, domain=domain)

    def test_conditions_on_records_that_cannot_work(self):
        model = self.env["ir.model"]._get("res.partner").id
        self._refused("no field “nonsense”", model_id=model, record_domain="[('nonsense', '=', 1)]")
        case_model = self.env["ir.model"]._get("exception.case").id
        self._refused("desk itself", model_id=case_model)

    def test_nobody_asks_what_they_may_not_read(self):
        parameters = self.env["ir.model"]._get("ir.config_parameter").id
        self._refused("may not read", model_id=parameters, record_domain="[('key', '=', 'x')]")
        self._refused(
            "may not read", domain="[('company_id.partner_id.signup_token', '!=', False)]"
        )

    def test_a_rule_must_decide_something(self):
        self._refused("decides nothing", severity=False)
        self.Rule.create({"name": "Only stops", "stop": True})

    def test_teams_and_owners_that_do_not_fit(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self._create_team(company_id=company.id)
        lead = self._create_user(
            "test_triage_lead",
            "exception_core.group_lead",
            company_ids=[(6, 0, (self.env.company | company).ids)],
        )
        self._refused("works for Elsewhere only", user=lead, team_id=team.id)
        self._refused("does not work on exceptions", user_id=self.user_outsider.id)
        self._refused(
            "has no access to Elsewhere", user_id=self.user_agent.id, company_id=company.id
        )
        team_b = self._create_team(active=False)
        self._refused("archived", team_id=team_b.id)

    def test_facts_that_do_not_fit(self):
        self._refused(
            "neither a number", fact_ids=[(0, 0, {"key": "a", "operator": ">", "value": "x"})]
        )
        self._refused("is compared", fact_ids=[(0, 0, {"key": "a", "operator": "="})])

    def test_who_may_write_rules(self):
        rule = self._create_rule()
        values = {"name": "Mine", "severity": "1"}
        for role in ("lead", "manager", "admin"):
            mine = self.Rule.with_user(self.users[role]).create(values)
            mine.action_enable()
            self.assertTrue(mine.enabled)
            mine.action_try()
        for role in ("agent", "approver", "auditor", "outsider"):
            rules = self.Rule.with_user(self.users[role])
            for call in (
                lambda rules=rules: rules.create(values),
                lambda rules=rules: rules.browse(rule.id).action_disable(),
                lambda rules=rules: rules.try_on_past(),
                lambda rules=rules: rules.lab_definition(),
                lambda rules=rules: rules.preview_condition({"model": "exception.case"}),
                lambda rules=rules: rules.browse(rule.id).action_check_again(),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            rule.with_user(self.user_lead).unlink()

    def test_a_rule_that_has_decided_stays_for_the_record(self):
        rule = self._create_rule()
        self._open()
        with self.assertRaises(UserError):
            rule.unlink()
        self._create_rule().unlink()

    def test_a_copy_is_a_draft(self):
        copied = self._create_rule().copy()
        self.assertFalse(copied.enabled)
        self.assertIn("copy", copied.name)

    def test_the_preview_counts_or_says_why_not(self):
        rules = self.Rule.with_user(self.user_lead)
        self._open(title="Look at me")
        values = {"model": "exception.case", "domain": "[('title', '=', 'Look at me')]"}
        self.assertEqual(rules.preview_condition(values), {"count": 1})
        values["domain"] = "[('due_state', '=', 'ok')]"
        self.assertIn("not stored", rules.preview_condition(values)["error"])
        records = {"model": "res.partner", "domain": "[('ref', '=', 'R1')]"}
        self.assertEqual(rules.preview_condition(records), {"count": 1})

    def test_rules_in_words(self):
        rule = self._create_rule(
            f"['|', ('amount', '>=', 1000), '&', ('type_id', 'in', {self.case_type.ids}), "
            "('recurrence_of_id', '!=', False)]",
            severity="1",
            team_id=self.team_b.id,
            stop=True,
            model_id=self.env["ir.model"]._get("res.partner").id,
            record_domain="[('country_id.code', '=', 'BE')]",
            fact_ids=[(0, 0, {"key": "days", "operator": ">", "value": "5"})],
        )
        words = rule.with_user(self.user_lead).condition_text
        self.assertIn("At stake at least 1,000 or", words)
        self.assertIn(f"is {self.case_type.name} and", words)
        self.assertIn("is given", words)
        self.assertIn("Contact: Country › Country Code is “BE”", words)
        self.assertIn("days is more than 5", words)
        self.assertEqual(
            rule.effect_text, f"Severity: Critical · Team: {self.team_b.name} · stops here"
        )

    def test_an_unreadable_rule_is_shown_as_it_is_written(self):
        rule = self._create_rule()
        self.env.cr.execute(
            "UPDATE exception_rule SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s", [rule.id]
        )
        rule.invalidate_recordset()
        self.assertEqual(rule.condition_text, "[('gone', '=', 1)]")

    def test_shipped_rules_are_valid(self):
        for name in ("rule_fraud", "rule_high_value", "rule_recurring"):
            rule = self.env.ref(f"exception_core.{name}")
            rule.write({"active": True, "enabled": True})
            self.assertTrue(rule.condition_text and rule.effect_text)
        fraud = self._open(type_id=self.env.ref("exception_core.type_fraud_warning").id)
        self.assertEqual(fraud.rule_ids, self.env.ref("exception_core.rule_fraud"))
        with self.assertRaises(UserError):
            fraud.with_user(self.user_agent).severity = "3"

    def test_validation_error_is_what_people_see(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.Rule.create({"name": "Wrong", "severity": "1", "domain": "nonsense"})
