from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exception_case_open import BATCH
from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriage(TriageCommon):
    """What rules decide about new cases."""

    def test_without_rules_the_type_decides(self):
        case = self._open()
        self.assertEqual((case.severity, case.disposition), ("3", "approval"))
        self.assertFalse(case.rule_ids)
        self.assertFalse(case.decisions)

    def test_a_rule_sets_everything_it_says(self):
        policy = self.env.ref("exception_core.sla_policy_urgent")
        rule = self._create_rule(
            severity="1",
            team_id=self.team_b.id,
            user_id=self.user_agent.id,
            disposition="investigate",
            tag_ids=[(6, 0, self.tag.ids)],
            sla_policy_id=policy.id,
        )
        with freeze_time("2026-03-02 10:00:00"):
            case = self._open()
        self.assertEqual((case.severity, case.team_id), ("1", self.team_b))
        self.assertEqual((case.user_id, case.disposition), (self.user_agent, "investigate"))
        self.assertEqual((case.tag_ids, case.sla_policy_id), (self.tag, policy))
        self.assertEqual(case.rule_ids, rule)
        self.assertFalse(case.overridden)
        trace = case.decisions["severity"]
        self.assertEqual(trace["was"], "3")
        self.assertEqual(trace["rule"]["id"], rule.id)
        self.assertEqual((trace["rule"]["name"], trace["rule"]["value"]), (rule.name, "1"))
        self.assertEqual(trace["rule"]["at"], "2026-03-02 10:00:00")

    def test_an_owner_given_by_a_rule_has_not_begun(self):
        self._create_rule(user_id=self.user_agent.id)
        case = self._open()
        self.assertEqual((case.user_id, case.state), (self.user_agent, "new"))
        self.assertTrue(case.assigned_at)
        self.assertFalse(case.first_response_at)

    def test_first_match_for_each_field_wins(self):
        second = self._create_rule(sequence=20, severity="1", team_id=self.team_b.id)
        first = self._create_rule(sequence=10, severity="2")
        case = self._open()
        self.assertEqual((case.severity, case.team_id), ("2", self.team_b))
        self.assertEqual(case.rule_ids, first | second)

    def test_a_rule_that_decides_nothing_is_not_named(self):
        first = self._create_rule(sequence=10, severity="2")
        self._create_rule(sequence=20, severity="1")
        self.assertEqual(self._open().rule_ids, first)

    def test_stop_ends_the_reading_for_its_cases_only(self):
        self._create_rule("[('amount', '>', 500)]", sequence=10, stop=True)
        self._create_rule(sequence=20, severity="2", team_id=self.team_b.id)
        large = self._open(amount=1000, record=self.records[1])
        small = self._open(amount=100)
        self.assertEqual((large.severity, large.team_id), ("2", self.team))
        self.assertEqual((small.severity, small.team_id), ("2", self.team_b))

    def test_conditions_see_the_case_as_it_was_opened(self):
        self._create_rule("[('severity', '=', '3')]", sequence=10, severity="1")
        follower = self._create_rule(
            "[('severity', '=', '3')]", sequence=20, team_id=self.team_b.id
        )
        case = self._open()
        self.assertEqual((case.severity, case.team_id), ("1", self.team_b))
        self.assertIn(follower, case.rule_ids)

    def test_dotted_paths_and_alternatives(self):
        self._create_rule(
            f"['|', ('partner_id.country_id.code', '=', 'BE'), "
            f"('category_id', 'child_of', {self.category.parent_id.id or self.category.id}), "
            "('amount', '>=', 1000)]"
        )
        belgian = self.env["res.partner"].create(
            {"name": "Belgian", "country_id": self.env.ref("base.be").id}
        )
        other = self._create_type(category_id=self._other_category().id, default_severity="4")
        cases = self.Case._open_batch(
            [
                self._hit(partner_id=belgian.id, amount=2000, type_id=other.id),
                self._hit(record=self.records[1], amount=2000),
                self._hit(record=self.records[2], amount=10),
                self._hit(record=self.records[3], amount=2000, type_id=other.id),
            ]
        )
        self.assertEqual(cases.mapped("severity"), ["2", "2", "3", "4"])

    def _other_category(self):
        return self.env["exception.category"].create(
            {"name": "Elsewhere", "code": "test_elsewhere", "owner_id": self.env.uid}
        )

    def test_values_relative_to_now(self):
        self._create_rule("[('occurred_at', '<', days_ago(3))]")
        with freeze_time("2026-03-10 10:00:00"):
            old = self._open(occurred_at=datetime(2026, 3, 2))
            new = self._open(occurred_at=datetime(2026, 3, 9), record=self.records[1])
        self.assertEqual((old.severity, new.severity), ("2", "3"))

    def test_amounts_in_company_currency(self):
        currency = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 10})]}
        )
        self._create_rule("[('company_amount', '>=', 500)]")
        case = self._open(amount=1000, currency_id=currency.id)
        self.assertEqual((case.company_amount, case.severity), (100, "3"))

    def test_condition_on_the_record(self):
        self._create_rule(
            model_id=self.env["ir.model"]._get("res.partner").id,
            record_domain="[('ref', 'in', ['R1', 'R2'])]",
        )
        cases = self.Case._open_batch([self._hit(record=record) for record in self.records])
        self.assertEqual(cases.mapped("severity"), ["3", "2", "2", "3"])

    def test_condition_on_an_archived_record(self):
        self._create_rule(
            model_id=self.env["ir.model"]._get("res.partner").id,
            record_domain="[('ref', '=', 'R1')]",
        )
        self.records[1].active = False
        self.assertEqual(self._open(record=self.records[1]).severity, "2")

    def test_a_rule_about_one_kind_of_record_leaves_others_alone(self):
        self._create_rule(model_id=self.env["ir.model"]._get("res.company").id)
        self.assertEqual(self._open().severity, "3")

    def test_facts(self):
        for operator, value, expected in [
            ("=", "5", True),
            (">", "4.5", True),
            (">", "10", False),
            ("<=", "5", True),
            ("!=", "5", False),
            ("contains", "5", True),
            ("set", False, True),
            ("unset", False, False),
        ]:
            with self.subTest(operator=operator, value=value):
                rule = self._create_rule(
                    severity="1",
                    fact_ids=[(0, 0, {"key": "days", "operator": operator, "value": value})],
                )
                case = self._open(fingerprint=operator + str(value))
                self.assertEqual(case.severity, "1" if expected else "3")
                rule.active = False

    def test_facts_of_other_kinds(self):
        facts = [
            {"key": "promised", "label": "Promised", "value": "2026-03-01", "kind": "date"},
            {"key": "carrier", "label": "Carrier", "value": "Blue Post", "kind": "text"},
            {"key": "paid", "label": "Paid", "value": True, "kind": None},
        ]
        conditions = [("promised", "<", "2026-03-05"), ("carrier", "=", "blue post")]
        self._create_rule(
            severity="1",
            fact_ids=[
                (0, 0, {"key": key, "operator": operator, "value": value})
                for key, operator, value in [*conditions, ("paid", "=", "yes")]
            ],
        )
        self.assertEqual(self._open(facts=facts).severity, "1")
        self.assertEqual(self._open(facts=facts[:2], record=self.records[1]).severity, "3")

    def test_rules_of_a_company_are_about_its_cases(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_rule(company_id=company.id, severity="1")
        here = self._open()
        there = self._open(company_id=company.id, record=self.records[1])
        self.assertEqual((here.severity, there.severity), ("3", "1"))

    def test_an_owner_without_access_to_the_company_gets_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_rule(user_id=self.user_agent.id)
        self.assertFalse(self._open(company_id=company.id).user_id)

    def test_an_owner_who_has_left_gets_nothing(self):
        self._create_rule(user_id=self.user_colleague.id, severity="1")
        self.user_colleague.active = False
        case = self._open()
        self.assertFalse(case.user_id)
        self.assertEqual(case.severity, "1")

    def test_a_disposition_only_becomes_stricter(self):
        self._create_rule(disposition="auto", sequence=10)
        self._create_rule(disposition="investigate", sequence=20)
        self.assertEqual(self._open().disposition, "investigate")

    def test_a_broken_rule_is_passed_over_and_its_owner_told_once(self):
        broken = self._create_rule(sequence=5, severity="1", owner_id=self.user_lead.id)
        database = self._create_rule(
            sequence=6,
            severity="1",
            owner_id=self.user_lead.id,
            model_id=self.env["ir.model"]._get("res.partner").id,
            record_domain="[('id', '=', 1)]",
        )
        self._create_rule(sequence=10, severity="2")
        self._break(broken, domain="[('gone_field', '=', 1)]")
        self._break(database, record_domain="[('id', '=', 99999999999999999999)]")
        with mute_logger("odoo.sql_db"):
            cases = self.Case._open_batch([self._hit(record=record) for record in self.records])
            self._open(fingerprint="again")
        self.assertEqual(set(cases.mapped("severity")), {"2"})
        for rule in broken | database:
            self.assertTrue(rule.failed_at)
            self.assertTrue(rule.error)
            self.assertEqual(rule.activity_ids.user_id, self.user_lead)
            self.assertEqual(len(rule.activity_ids), 1)

    def _break(self, rule, **values):
        """Let a rule break as it does when an addon is uninstalled: nobody saves it."""
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE exception_rule SET {name} = %s WHERE id = %s", [value, rule.id]
            )
        rule.invalidate_recordset()
        self.env.registry.clear_cache()

    def test_a_mended_rule_is_quiet(self):
        rule = self._create_rule(severity="1")
        self._break(rule, domain="[('gone_field', '=', 1)]")
        self._open()
        self.assertTrue(rule.failed_at)
        rule.with_user(self.user_lead).domain = "[('amount', '>', 1)]"
        self.assertFalse(rule.failed_at or rule.error or rule.activity_ids)
        self.assertEqual(self._open(fingerprint="2").severity, "1")

    def test_hits_are_counted_by_the_cases(self):
        rule = self._create_rule()
        with freeze_time("2026-03-02 10:00:00"):
            self._open()
        with freeze_time("2026-03-03 10:00:00"):
            self._open(record=self.records[1])
        self.assertEqual((rule.case_count, rule.last_hit_at), (2, datetime(2026, 3, 3, 10)))
        self.assertEqual(len(self.Case.search(rule.action_open_cases()["domain"])), 2)

    def test_drafts_and_archived_rules_decide_nothing(self):
        self._create_rule(severity="1", enabled=False)
        self._create_rule(severity="1", active=False)
        self.assertEqual(self._open().severity, "3")

    def test_people_report_what_rules_judge(self):
        self._create_rule("[('amount', '>', 500)]", severity="1")
        values = {"title": "By hand", "type_id": self.case_type.id, "amount": 1000}
        case = self.Case.with_user(self.user_agent).create(values)
        self.assertEqual(case.severity, "1")
        chosen = self.Case.with_user(self.user_agent).create({**values, "severity": "4"})
        self.assertEqual(chosen.severity, "4")
        self.assertFalse(chosen.overridden)

    def test_a_choice_at_the_report_gives_way_to_a_rule_that_protects(self):
        self._create_rule(severity="1", protect=True)
        values = {"title": "By hand", "type_id": self.case_type.id, "severity": "4"}
        case = self.Case.with_user(self.user_agent).create(values)
        self.assertEqual(case.severity, "1")
        self.assertEqual(case.decisions["severity"]["was"], "4")

    def test_statements_do_not_grow_with_the_cases(self):
        for index in range(5):
            self._create_rule(
                f"[('amount', '>', {index * 10}), ('type_id.code', '!=', 'x')]",
                sequence=index,
                severity="2",
                model_id=self.env["ir.model"]._get("res.partner").id,
                record_domain="[('ref', '!=', 'none')]",
            )
        few, many = self._new_cases(5), self._new_cases(100)
        self.env.flush_all()
        counts = []
        for cases in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._triage()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 8, counts)

    def _new_cases(self, count):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(count)])
        rules = self.Rule.search([])
        rules.write({"enabled": False})
        cases = self.Case._open_batch([self._hit(record=partner) for partner in partners])
        rules.write({"enabled": True})
        return cases.with_context(**BATCH)

    # ------------------------------------------------------------------
    # once more
    # ------------------------------------------------------------------
