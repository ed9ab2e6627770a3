from odoo import fields
from odoo.tests import tagged

from .common import ExceptionCommon
from .holds import HoldTools


@tagged("post_install", "-at_install")
class TestHoldLift(HoldTools, ExceptionCommon):
    """Lifts are compared with their documents: of many at once, and each with its own."""

    def _lifted(self, count):
        cases = self._create_cases(count, hold_step="confirm")
        for case in cases:
            self._lift(case)
        return cases

    def _statements(self, cases):
        """Count the statements that say which of these cases hold."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertFalse(any(cases.mapped("is_holding")))
        return self.env.cr.sql_log_count - before

    def test_the_look_does_not_grow_with_the_lifts(self):
        cases = self._lifted(8)
        self._statements(cases)
        self.assertEqual(self._statements(cases[:2]), self._statements(cases))

    def test_each_lift_is_compared_with_its_own_document(self):
        cases = self._lifted(3)
        changed, gone, same = cases
        self.assertFalse(any(cases.mapped("is_holding")))
        record = changed._held_record()
        record.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        gone._held_record().unlink()
        self.env.invalidate_all()
        holding = cases._not_lifted(fields.Datetime.now())
        self.assertEqual(holding, changed | gone)
        self.assertEqual(same._held_record().name, "Test customer 2")
        self.assertFalse(gone._held_record())
