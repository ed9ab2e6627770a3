from odoo.tests import tagged

from odoo.addons.exception_core.tests.common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestTriageRules(ExceptionCommon):
    """What the rules that come with the addon decide."""

    def _open(self, code, amount=100.0, **facts):
        """Open a case of a type as a detector would."""
        kind = self.env.ref(f"exception_core.type_{code}")
        hit = {
            "type_id": kind.id,
            "res_model": "res.partner",
            "res_id": self.partner.id,
            "company_id": self.env.company.id,
            "amount": amount,
            "title": code,
            "facts": [{"key": key, "value": value} for key, value in facts.items()],
        }
        return self.env["exception.case"]._open_batch([hit])

    def test_a_month_past_the_promise(self):
        rule = self.env.ref("exception_ecommerce.rule_long_overdue")
        long = self._open("undelivered_past_promise", days_past=30.5)
        short = self._open("undelivered_past_promise", days_past=29.5)
        self.assertEqual(long.severity, "1")
        self.assertIn(rule, long.rule_ids)
        self.assertEqual(long.tag_ids, self.env.ref("exception_ecommerce.tag_long_overdue"))
        self.assertEqual(short.severity, short.type_id.default_severity)

    def test_a_little_late(self):
        self.assertEqual(self._open("delivered_late", days_late=2.9).severity, "4")
        late = self._open("delivered_late", days_late=3)
        self.assertEqual(late.severity, late.type_id.default_severity)

    def test_a_small_difference(self):
        policy = self.env.ref("exception_core.sla_policy_back_office")
        small = self._open("payment_mismatch", amount=4.99)
        self.assertEqual((small.severity, small.sla_policy_id), ("4", policy))
        self.assertEqual(set(small.clock_ids.policy_id), {policy})
        large = self._open("payment_mismatch", amount=5)
        self.assertEqual(large.severity, large.type_id.default_severity)
