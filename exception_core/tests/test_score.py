from datetime import datetime, timedelta

from odoo.tests import tagged

from .common_score import ScoreCommon

NOW = datetime(2026, 3, 2, 10)
# One part at a time, with a weight of 100: its share is the score.
WEIGHTS = {"severity": 35, "money": 20, "tier": 15, "promise": 15, "sla": 10, "recurrence": 5}


@tagged("post_install", "-at_install")
class TestScoreFormula(ScoreCommon):
    """Each part against numbers worked out by hand."""

    def test_the_parts_come_to_a_hundred(self):
        self.assertEqual({code: part.weight for code, part in self.parts.items()}, WEIGHTS)

    def test_severity(self):
        self._only("severity")
        for severity, share in [("1", 100), ("2", 80), ("3", 40), ("4", 10)]:
            self.case.severity = severity
            self.assertEqual(self.case.score, share)

    def test_money(self):
        self._only("money")
        for amount, share in [(0, 0), (50, 12), (100, 25), (550, 48), (1000, 70), (99999, 100)]:
            self.case.amount = amount
            # halves are rounded to the even number: 12.5, 47.5
            self.assertEqual(self.case.score, share, amount)

    def test_money_of_another_company(self):
        self._only("money")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["res.currency"].with_context(active_test=False)
        foreign = foreign.search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        foreign.active = True
        foreign.rate_ids.unlink()
        rate = {"name": "2020-01-01", "company_id": company.id, "rate": 1.0}
        own = self.env.company.currency_id
        self.env["res.currency.rate"].search([("company_id", "=", company.id)]).unlink()
        self.env["res.currency.rate"].create(
            [{**rate, "currency_id": foreign.id}, {**rate, "currency_id": own.id, "rate": 10.0}]
        )
        company.currency_id = foreign
        params = self.env["ir.config_parameter"]
        params.set_param("exception_core.limit_currency_id", str(own.id))
        case = self._create_case(company_id=company.id, amount=10, res_model=False, res_id=False)
        # ten of theirs are a hundred of ours
        self.assertEqual(self._score(case), 25)

    def test_tier(self):
        self._only("tier")
        shares = {"gold": 100, "silver": 60, "bronze": 30}
        for code, share in shares.items():
            self.case.tier_id = self.env.ref(f"exception_core.tier_{code}")
            self.assertEqual(self.case.score, share)
        self.case.tier_id = False
        self.assertEqual(self.case.score, 0)

    def test_promise(self):
        self._only("promise")
        days = [(-3, 100), (0, 100), (1, 85), (2, 70), (3.5, 50), (10, 0), (30, 0)]
        for left, share in days:
            self.case.promised_at = NOW + timedelta(days=left)
            self.assertEqual(self.case.score, share, left)
        self.case.promised_at = False
        self.assertEqual(self.case.score, 0)

    def test_time_used(self):
        self._only("sla")
        self.assertEqual(self._score(), 0)
        clock = self._clock()
        # half of the time: 50 % used gives 25 %
        self.assertEqual(self._score(), 25)
        self.assertEqual(self._score(now=NOW + timedelta(hours=2.4)), 70)
        self.assertEqual(self._score(now=NOW + timedelta(hours=9)), 100)
        # a quarter was used before this stretch, of which half has gone: 62.5 %
        clock.used = 2 * 3600
        self.assertEqual(self._score(), 44)
        clock.write({"state": "paused", "deadline": False})
        self.assertEqual(self._score(), 12)
        self.assertEqual(self._score(now=NOW + timedelta(days=9)), 12)
        clock.write({"state": "breached", "deadline": NOW - timedelta(hours=1)})
        self.assertEqual(self._score(), 100)
        clock.write({"state": "met", "stopped_at": NOW})
        self.assertEqual(self._score(), 0)

    def test_the_most_pressed_clock_counts(self):
        self._only("sla")
        self._clock()
        self._clock(kind="response", deadline=NOW + timedelta(hours=1))
        # 4 of 5 hours
        self.assertEqual(self._score(), 70)

    def test_recurrence(self):
        self._only("recurrence")
        self.assertEqual(self._score(), 0)
        self.case.with_user(self.user_agent).cancel_case(note="no")
        self.case.with_user(self.user_agent).reopen()
        self.assertEqual(self.case.score, 50)
        again = self._create_case(
            recurrence_of_id=self.case.id, res_id=self.user_lead.partner_id.id
        )
        # the earlier case, and that it was re-opened
        self.assertEqual((again.came_back, again.score), (2, 75))
        third = self._create_case(recurrence_of_id=again.id, res_id=self.user_lead.partner_id.id)
        self.assertEqual((third.came_back, third.score), (3, 100))

    def test_all_together(self):
        self.case.write(
            {
                "amount": 1000,
                "tier_id": self.env.ref("exception_core.tier_gold").id,
                "promised_at": NOW + timedelta(days=2),
            }
        )
        # 35 × 80 % + 20 × 70 % + 15 + 15 × 70 %
        self.assertEqual(self.case.score, round(28 + 14 + 15 + 10.5))

    def test_weights_are_brought_to_a_hundred(self):
        for part in self.parts.values():
            part.weight = part.weight / 10
        self.assertEqual(self._score(), 28)
