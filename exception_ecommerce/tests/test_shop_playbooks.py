from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment import utils as payment_utils

from .common import NOW
from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestShopPlaybooks(MoneyCommon):
    """The playbooks that come with the addon, from the opening of the case to its end."""

    def _mismatch(self, paid):
        order = self._order(self.goods)
        self._pay(order, amount=paid)
        case = self._found("payment_mismatch", order)
        self._play()
        return order, case

    def test_as_installed_nothing_happens_by_itself(self):
        order, case = self._mismatch(48.5)
        step = self._step(case, 1)
        self.assertEqual((step.state, step.run_id.state), ("waiting", "proposed"))
        self.assertFalse(order.exception_settled)

    def test_observing_only_says_what_would_be_done(self):
        self.env.ref("exception_core.type_payment_mismatch").sudo().automation_stage = "observe"
        order, case = self._mismatch(48.5)
        step = self._step(case, 1)
        self.assertFalse(step.run_id)
        self.assertIn("Would do", step.note)
        self.assertFalse(order.exception_settled)

    def test_one_click_settles_and_ends_the_case(self):
        order, case = self._mismatch(48.5)
        self._step(case, 1).with_user(self.user_agent).tick()
        self.assertEqual(order.exception_settled, -1.5)
        self._detector("payment_mismatch")._sweep()
        self.assertEqual(case.outcome, "cleared")

    def test_once_trusted_cents_are_settled_by_policy(self):
        self.env.ref("exception_core.type_payment_mismatch").sudo().automation_stage = "approve"
        order, case = self._mismatch(48.5)
        run = self._step(case, 1).run_id
        self.assertEqual((run.state, order.exception_settled), ("done", -1.5))
        self.assertFalse(run.agreed, "no person has")

    def test_trusted_or_not_money_out_waits_for_people(self):
        self.env.ref("exception_core.type_payment_mismatch").sudo().automation_stage = "approve"
        _order, case = self._mismatch(70)
        first, second, third = (self._step(case, number) for number in (1, 2, 3))
        self.assertEqual((first.state, third.state), ("skipped", "todo"))
        self.assertEqual(second.run_id.state, "approval")
        self._approve(second.run_id, self.user_lead)
        second.run_id._execute()
        self.assertEqual(second.run_id.state, "done", second.run_id.error)
        self._detector("payment_mismatch")._sweep()
        self.assertEqual(case.outcome, "cleared")

    def test_what_is_missing_is_asked_for(self):
        order, case = self._mismatch(20)
        third = self._step(case, 3)
        self.assertEqual(third.run_id.action_id.code, "collect")
        third.with_user(self.user_agent).tick()
        self._approve(third.run_id, self.user_lead)
        self.assertEqual(third.run_id.state, "done", third.run_id.error)
        token = order._payment_link(30.0).partition("access_token=")[2].partition("&")[0]
        values = (order.partner_invoice_id.id, 30.0, order.currency_id.id)
        with patch.object(payment_utils, "request", SimpleNamespace(env=self.env)):
            self.assertTrue(payment_utils.check_access_token(token, *values))
        mail = self.env["mail.mail"].search(
            [("model", "=", "sale.order")], order="id desc", limit=1
        )
        self.assertIn("payment/pay", mail.body_html)
        self.assertIn(order.name, mail.subject)
        self._play()
        self.assertEqual(self._step(case, 4).state, "waiting")
        self._pay(order, amount=30)
        self._detector("payment_mismatch")._sweep()
        self.assertEqual(case.outcome, "cleared")

    def test_a_cancelled_order_is_refunded(self):
        order = self._order(self.goods)
        payment = self._pay(order)
        order._action_cancel()
        case = self._found("cancelled_after_payment", order)
        self._play()
        step = self._step(case, 1)
        step.with_user(self.user_agent).tick()
        self._approve(step.run_id, self.user_lead)
        step.run_id._execute()
        self.assertEqual(payment.child_transaction_ids.amount, -50)
        self._detector("cancelled_after_payment")._sweep()
        self.assertEqual((case.outcome, case.step_ids.mapped("state")[0]), ("cleared", "done"))

    def test_paid_and_not_shipped(self):
        product = self._create_product("Stored", detailed_type="product")
        order = self._order(product, ago=timedelta(days=9))
        self._pay(order, ago=timedelta(days=8))
        stock = order.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, stock, 5)
        case = self._found("paid_not_shipped", order)
        self._play()
        chase, options, tell = (self._step(case, number) for number in (1, 2, 3))
        self.assertEqual((chase.state, options.state), ("waiting", "todo"))
        chase.with_user(self.user_agent).tick("Nobody knows.")
        self._play()
        ways = {one.key: one for one in case.option_ids}
        self.assertEqual(set(ways), {"ship_now", "cancel_refund"})
        self.assertEqual(min(case.option_ids, key=lambda one: one.rank).key, "ship_now")
        ways["ship_now"].with_user(self.user_agent).choose()
        self.assertEqual(order.picking_ids.state, "assigned")
        self._play()
        self.assertEqual(tell.run_id.state, "proposed")
        tell.with_user(self.user_agent).tick()
        self._done(order.picking_ids, NOW)
        self._detector("paid_not_shipped")._sweep()
        self.assertEqual(case.outcome, "cleared")
