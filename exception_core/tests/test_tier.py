from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestTier(ExceptionCommon):
    """A customer's tier: by revenue, or said by a person with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold, cls.silver, cls.bronze = cls.env["exception.tier"].search([])
        cls.contact = cls.env["res.partner"].create(
            {"name": "Their buyer", "parent_id": cls.partner.id}
        )
        cls.Tier = cls.env["exception.partner.tier"]
        cls.reason = cls._create_reason(kind="override", name="Signed for three years")

    def _sell(self, *rows):
        """Let customers have these revenues: (partner, company, revenue)."""
        values = SQL(", ").join(SQL("(%s, %s, %s)", p.id, c.id, r) for p, c, r in rows)
        select = SQL("SELECT * FROM (VALUES %s) AS v(partner_id, company_id, revenue)", values)
        model = self.env.registry["exception.partner.tier"]
        patcher = patch.object(model, "_tier_revenue_sql", lambda _self, since: [select])
        patcher.start()
        self.addCleanup(patcher.stop)

    def _recompute(self):
        self.Tier._cron_recompute()
        self.env.invalidate_all()

    def _change(self, tier, role="lead", **overrides):
        wizard = self.env["exception.partner.tier.change"].with_user(self.users[role])
        values = {
            "partner_id": self.partner.id,
            "tier_id": tier.id,
            "reason_id": self.reason.id,
            "note": "Contract 17",
        }
        return wizard.create({**values, **overrides})

    def test_by_revenue(self):
        company = self.env.company
        for revenue, tier in [(100000, "gold"), (99999, "silver"), (5000, "bronze"), (4999, "")]:
            with self.subTest(revenue=revenue):
                self._sell((self.partner, company, revenue))
                self._recompute()
                self.assertEqual(self.partner.exception_tier_id.code or "", tier)
                self.assertEqual(self.contact.exception_tier_id.code or "", tier)
        self.assertIn("4,999", self.partner.with_user(self.user_agent).exception_tier_why)

    def test_a_second_run_changes_nothing(self):
        self._sell((self.partner, self.env.company, 6000))
        self.assertEqual(self.Tier._recompute(self.partner), 1)
        self.assertEqual(self.Tier._recompute(self.partner), 0)

    def test_who_buys_no_more_loses_the_tier(self):
        self._sell((self.partner, self.env.company, 6000))
        self._recompute()
        self._sell((self.contact, self.env.company, 0))
        self._recompute()
        self.assertFalse(self.partner.exception_tier_id)

    def test_each_company_has_its_amounts(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.gold.with_company(other).min_revenue = 900000
        self.silver.with_company(other).min_revenue = 100000
        self._sell((self.partner, self.env.company, 150000), (self.partner, other, 150000))
        self._recompute()
        self.assertEqual(self.partner.exception_tier_id, self.gold)
        self.assertEqual(self.partner.with_company(other).exception_tier_id, self.silver)
        rows = self.Tier.with_user(self.user_agent).search([("partner_id", "=", self.partner.id)])
        self.assertEqual(rows.company_id, self.env.company)

    def test_what_a_person_said_stays(self):
        self._sell((self.partner, self.env.company, 6000))
        self._recompute()
        case = self._create_case(partner_id=self.contact.id)
        self.assertEqual(case.tier_id, self.bronze)
        before = case.score
        self._change(self.gold).action_apply()
        self.assertEqual(case.tier_id, self.gold)
        self.assertGreater(case.score, before)
        self._recompute()
        row = self.partner.exception_tier_ids
        self.assertEqual((row.tier_id, row.source), (self.gold, "manual"))
        self.assertEqual((row.user_id, row.reason_id), (self.user_lead, self.reason))
        why = self.partner.with_user(self.user_agent).exception_tier_why
        for words in (self.reason.name, self.user_lead.name, "Contract 17"):
            self.assertIn(words, why)
        self.assertIn("Bronze → Gold", self.partner.message_ids[0].body)

    def test_back_to_the_rule(self):
        self._sell((self.partner, self.env.company, 6000))
        self._change(self.gold).action_apply()
        self._change(self.gold).action_back_to_rule()
        row = self.partner.exception_tier_ids
        self.assertEqual((row.tier_id, row.source), (self.bronze, "rule"))
        self.assertEqual((row.reason_id.id, row.user_id.id, row.note), (False, False, False))

    def test_a_reason_is_asked_for(self):
        for reason in (self.env["exception.reason"], self._create_reason()):
            with self.subTest(kind=reason.kind), self.assertRaises(UserError):
                self._change(self.gold, reason_id=reason.id).action_apply()

    def test_only_leads_change_it(self):
        for role in ("agent", "approver", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._change(self.gold, role=role)
        self._change(self.gold).action_apply()
        row = self.partner.exception_tier_ids
        for role in ("agent", "lead", "manager", "admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                row.with_user(self.users[role]).write({"tier_id": False})

    def test_search(self):
        self._change(self.gold).action_apply()
        Partner = self.env["res.partner"].with_user(self.user_agent)
        ours = [("id", "in", (self.partner | self.contact | self.user_lead.partner_id).ids)]

        def found(*leaf):
            return Partner.search([*ours, leaf]).sudo()

        both = self.partner | self.contact
        self.assertEqual(found("exception_tier_id", "=", self.gold.id), both)
        self.assertEqual(found("exception_tier_id", "ilike", "gol"), both)
        self.assertEqual(found("exception_tier_id", "!=", False), both)
        self.assertEqual(found("exception_tier_id", "=", False), self.user_lead.partner_id)
        self.assertEqual(found("exception_tier_id", "!=", self.gold.id), self.user_lead.partner_id)

    def test_contract_value(self):
        with self.assertRaises(AccessError):
            self.partner.with_user(self.user_agent).exception_contract_value = 5
        row = self.Tier._row_of(self.partner, self.env.company)
        self.partner.exception_contract_value = 120000
        self.assertEqual(row.contract_value, 120000)
        self.assertEqual(self.contact.exception_contract_value, 120000)
        case = self._create_case(partner_id=self.contact.id)
        self.assertEqual(case.contract_value, 120000)
        self.partner.exception_contract_value = 1
        self.assertEqual(case.contract_value, 120000)

    def test_a_batch_costs_the_same_few_statements(self):
        self._change(self.gold).action_apply()
        cases = self._create_cases(30, partner_id=self.contact.id)
        counts = []
        for group in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            group._complete_customer()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(cases.tier_id, self.gold)

    def test_thresholds_must_rise(self):
        with self.assertRaises(ValidationError):
            self.silver.min_revenue = 200000
        with self.assertRaises(ValidationError):
            self.bronze.min_revenue = -1

    def test_a_tier_without_amount_is_given_by_hand_only(self):
        self.gold.min_revenue = 0
        self._sell((self.partner, self.env.company, 500000))
        self._recompute()
        self.assertEqual(self.partner.exception_tier_id, self.silver)
