from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.exception_core.tools.action_errors import ActionRefused

from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestSettle(MoneyCommon):
    """Writing small differences off: booked, matched, taken back, never above the tolerance."""

    def _case(self, paid):
        order = self._order(self.goods)
        self._pay(order, amount=paid)
        return order, self._found("payment_mismatch", order)

    def _settle(self, case, amount, user=None):
        result = case.with_user(user or self.user_agent).run_action("settle", {"amount": amount})
        return self.env["exception.action.run"].browse(result["run_id"])

    def _invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def test_what_was_paid_too_little_is_a_loss(self):
        order, case = self._case(48.5)
        run = self._settle(case, 1.5)
        self.assertEqual(run.state, "done", run.error or run.why)
        entry = self.env["account.move"].search([("exception_settled_order_id", "=", order.id)])
        lost = entry.line_ids.filtered(lambda line: line.account_id == self.loss)
        self.assertAlmostEqual(lost.balance, 1.5)
        self.assertEqual((entry.state, order.exception_settled), ("posted", -1.5))
        self._detector("payment_mismatch")._sweep()
        self.assertEqual(case.outcome, "cleared")

    def test_what_was_paid_too_much_is_a_gain(self):
        order, case = self._case(51)
        self._settle(case, 1)
        entry = self.env["account.move"].search([("exception_settled_order_id", "=", order.id)])
        found = entry.line_ids.filtered(lambda line: line.account_id == self.gain)
        self.assertAlmostEqual(found.balance, -1)
        self.assertAlmostEqual(order._exception_difference(), 0)

    def test_the_write_off_closes_the_invoice(self):
        order, case = self._case(48.5)
        invoice = self._invoice(order)
        self._settle(case, 1.5)
        self.assertAlmostEqual(invoice.amount_residual, 48.5)

    def test_an_invoice_of_later_is_matched_as_well(self):
        order, case = self._case(48.5)
        self._settle(case, 1.5)
        self.assertAlmostEqual(self._invoice(order).amount_residual, 48.5)

    def test_taking_it_back(self):
        order, case = self._case(48.5)
        run = self._settle(case, 1.5)
        undo = run.with_user(self.user_agent).undo("They pay after all.")
        self.assertEqual(undo["state"], "done", undo)
        self.assertEqual((run.state, order.exception_settled), ("undone", 0))
        lines = self.env["account.move.line"].search([("account_id", "=", self.loss.id)])
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0)
        self.assertAlmostEqual(order._exception_difference(), -1.5)

    def test_above_the_tolerance_nothing_is_written_off(self):
        order, case = self._case(47.9)
        run = self._settle(case, 2.1)
        self.assertEqual(run.state, "failed")
        self.assertIn("Settings", run.error)
        self.assertFalse(order.exception_settled)
        self.env.company.exception_settle_tolerance = 3
        self.assertEqual(self._settle(self._again(case, run), 2.1).state, "done")

    def _again(self, case, run):
        run.with_user(self.user_agent).abandon("Asked anew.")
        return case

    def test_another_amount_than_the_difference_is_refused(self):
        _order, case = self._case(48.5)
        self.assertEqual(self._settle(case, 1).state, "failed")

    def test_without_accounts_it_says_what_to_do(self):
        company = self.env.company
        company.exception_write_off_loss_id = False
        company.default_cash_difference_expense_account_id = False
        _order, case = self._case(48.5)
        run = self._settle(case, 1.5)
        self.assertEqual(run.state, "failed")
        self.assertIn("Settings", run.error)

    def test_nobody_types_what_was_settled(self):
        order, _case = self._case(30)
        admin = self.env.ref("base.user_admin")
        with self.assertRaisesRegex(UserError, "write-off"):
            order.with_user(admin).write({"exception_settled": -20})
        orders = self.env["sale.order"].with_user(admin)
        orders = orders.with_context(default_exception_settled=-20)
        made = orders.create({"partner_id": order.partner_id.id, "exception_settled": -20})
        self.assertFalse(made.exception_settled)

    def test_nobody_makes_an_entry_settle_an_order(self):
        order, _case = self._case(30)
        admin = self.env.ref("base.user_admin")
        entries = self.env["account.move"].with_user(admin)
        entries = entries.with_context(default_exception_settled_order_id=order.id)
        entry = entries.create({"move_type": "entry", "exception_settled_order_id": order.id})
        self.assertFalse(entry.exception_settled_order_id)
        with self.assertRaisesRegex(UserError, "write-off"):
            entry.write({"exception_settled_order_id": order.id})
        with self.assertRaisesRegex(UserError, "write-off"):
            order.with_user(admin).write({"exception_settle_entry_ids": [(4, entry.id)]})

    def _written_off(self):
        order, case = self._case(48.5)
        run = self._settle(case, 1.5)
        return order, run, order.exception_settle_entry_ids

    def _assert_open_again(self, order, run):
        """Assert that the difference is there again, and that taking it back changes nothing."""
        self.assertEqual(order.exception_settled, 0)
        self.assertAlmostEqual(order._exception_difference(), -1.5)
        self.assert_hit("payment_mismatch", order)
        entries = order.exception_settle_entry_ids
        with self.assertRaisesRegex(UserError, "Somebody has changed this"):
            run.with_user(self.user_agent).undo("They pay after all.")
        with self.assertRaises(ActionRefused):
            order._do_unsettle(run, run.outcome)
        self.assertEqual((run.state, order.exception_settle_entry_ids), ("done", entries))

    def test_an_entry_reset_by_hand_settles_nothing_until_it_is_posted_again(self):
        order, _run, entry = self._written_off()
        entry.button_draft()
        self.assertEqual(order.exception_settled, 0)
        self.assertAlmostEqual(order._exception_difference(), -1.5)
        entry.action_post()
        self.assertEqual(order.exception_settled, -1.5)

    def test_an_entry_cancelled_by_hand_settles_nothing(self):
        order, run, entry = self._written_off()
        entry.button_draft()
        entry.button_cancel()
        self._assert_open_again(order, run)

    def test_an_entry_reversed_by_hand_is_not_reversed_twice(self):
        order, run, entry = self._written_off()
        bookkeeper = self._create_user("test_bookkeeper", "account.group_account_manager")
        entry.with_user(bookkeeper)._reverse_moves([{}], cancel=True)
        self._assert_open_again(order, run)

    def test_settings(self):
        settings = self.env["exception.settings"].with_user(self.user_admin)
        settings.create({"exception_settle_tolerance": 5}).execute()
        self.assertEqual(self.env.company.exception_settle_tolerance, 5)
        with self.assertRaises(ValidationError):
            settings.create({"exception_settle_tolerance": -1}).execute()
