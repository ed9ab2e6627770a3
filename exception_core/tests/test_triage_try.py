from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriageTry(TriageCommon):
    """Try on past cases: what would change, and nothing is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.Case._open_batch(
            [
                cls._hit(record=record, amount=amount)
                for record, amount in zip(cls.records, (100, 1000, 2000, 50), strict=True)
            ]
        )
        cls.draft = cls._create_rule(
            "[('amount', '>=', 1000)]", severity="1", team_id=cls.team_b.id, enabled=False
        )

    def _try(self, rules=None, limit=4, days=0, user=None):
        return self.Rule.with_user(user or self.user_lead).try_on_past(
            (rules or self.Rule).ids, limit, days
        )

    def test_what_a_draft_would_change(self):
        result = self._try(self.draft)
        self.assertEqual((result["tried"], result["changed"], result["amount"]), (4, 2, 3000))
        self.assertEqual(sorted(result["case_ids"]), self.cases[1:3].ids)
        [line] = result["rules"]
        self.assertEqual((line["id"], line["matched"], line["changed"]), (self.draft.id, 2, 2))
        blocks = {block["name"]: block for block in result["fields"]}
        self.assertEqual(set(blocks), {"severity", "team_id"})
        [move] = blocks["severity"]["moves"]
        self.assertEqual((move["from"], move["to"], move["count"]), ("Medium", "Critical", 2))
        self.assertEqual((move["amount"], move["case_ids"][0] in self.cases.ids), (3000, True))
        self.assertEqual(blocks["team_id"]["moves"][0]["to"], self.team_b.name)

    def test_nothing_is_written(self):
        self._create_rule(severity="2", tag_ids=[(6, 0, self.tag.ids)])
        self.env.flush_all()
        before = self._everything()
        statements = []
        execute = type(self.env.cr).execute

        def watch(cursor, query, *args, **kwargs):
            text = getattr(query, "code", None) or str(query)
            statements.append(text.strip().split(" ", 1)[0].upper())
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", watch)
        self._try(self.draft)
        self._try()
        self.assertFalse({"UPDATE", "INSERT", "DELETE"} & set(statements), set(statements))
        self.assertIn("SELECT", statements)
        self.env.flush_all()
        self.assertFalse({"UPDATE", "INSERT", "DELETE"} & set(statements), set(statements))
        self.assertEqual(before, self._everything())

    def _everything(self):
        rows = []
        for table in (
            "exception_case",
            "exception_rule",
            "exception_case_rule_rel",
            "mail_message",
        ):
            self.env.cr.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
            )
            rows.append(self.env.cr.fetchone())
        self.env.cr.execute("SELECT count(*) FROM exception_case_tag_rel")
        return [*rows, self.env.cr.fetchone()]

    def test_the_transaction_may_write_afterwards(self):
        self._try(self.draft)
        self.cases[0].title = "Written"
        self.env.flush_all()

    def test_an_earlier_rule_keeps_its_decision(self):
        self._create_rule("[('amount', '>=', 2000)]", sequence=1, severity="2")
        result = self._try(self.draft)
        blocks = {block["name"]: block for block in result["fields"]}
        self.assertEqual(blocks["severity"]["changed"], 1)
        self.assertEqual(blocks["team_id"]["changed"], 2)
        self.assertEqual(result["rules"][0]["matched"], 2)

    def test_what_a_person_has_decided_stays(self):
        self.cases[1].with_user(self.user_agent).severity = "4"
        result = self._try(self.draft)
        blocks = {block["name"]: block for block in result["fields"]}
        self.assertEqual((blocks["severity"]["changed"], result["kept"]), (1, 1))

    def test_all_rules_against_what_is(self):
        other = self._create_rule(sequence=5, severity="2", enabled=False)
        result = self._try()
        self.assertEqual(result["changed"], 4)
        lines = {line["id"]: line for line in result["rules"]}
        self.assertEqual((lines[other.id]["changed"], lines[self.draft.id]["changed"]), (4, 2))

    def test_tried_again_after_it_was_enabled(self):
        """A condition on what the rule itself sets still means the case as it was opened."""
        rule = self._create_rule("[('severity', '=', '3')]", severity="1")
        case = self._open(fingerprint="new")
        self.assertEqual(case.severity, "1")
        result = self._try(rule, limit=1)
        self.assertEqual((result["changed"], result["rules"][0]["matched"]), (0, 1))

    def test_a_stopping_rule_takes_decisions_back(self):
        self._create_rule(sequence=50, severity="2")
        case = self._open(fingerprint="set")
        stopper = self._create_rule(sequence=1, stop=True, severity=False, enabled=False)
        result = self._try(stopper, limit=1)
        self.assertEqual(result["case_ids"], case.ids)
        [move] = result["fields"][0]["moves"]
        self.assertEqual((move["from"], move["to"]), ("High", "Medium"))

    def test_the_limit_and_the_period_are_said(self):
        result = self._try(self.draft, limit=2)
        self.assertEqual((result["tried"], result["more"]), (2, True))
        self.cases[3].sudo().write({"detected_at": fields.Datetime.now() - timedelta(days=60)})
        recent = self._try(self.draft, limit=10000, days=30)
        self.assertFalse(recent["more"])
        self.assertGreater(
            recent["oldest"], fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=31))
        )

    def test_only_cases_that_the_person_sees(self):
        private = self._create_team(private=True)
        self.cases[2].sudo().team_id = private
        result = self._try(self.draft)
        self.assertNotIn(self.cases[2].id, result["case_ids"])
        self.assertNotIn(self.cases[2].id, result["rules"][0]["matched_ids"])

    def test_a_broken_rule_says_so(self):
        self.env.cr.execute(
            "UPDATE exception_rule SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [self.draft.id],
        )
        self.draft.invalidate_recordset()
        result = self._try(self.draft)
        self.assertIn("gone", result["rules"][0]["error"])
        self.assertEqual(result["changed"], 0)
        self.assertFalse(self.draft.failed_at)
