from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestRefund(MoneyCommon):
    """Money goes back once, through the provider or as a draft, and only when people agree."""

    def _case(self, price=50.0):
        product = self._create_product("Dear", list_price=price)
        order = self._order(product)
        payment = self._pay(order)
        order._action_cancel()
        return order, payment, self._found("cancelled_after_payment", order)

    def _ask(self, case, amount, user=None):
        user = user or self.user_agent
        result = case.with_user(user).run_action("refund", {"amount": amount}, "Cancelled")
        return self.env["exception.action.run"].browse(result["run_id"])

    def _deciders(self, run):
        return run.approval_id.step_ids.sorted("sequence").mapped("name")

    def test_a_small_one_needs_the_lead(self):
        order, payment, case = self._case()
        run = self._ask(case, 50)
        self.assertEqual((run.state, self._deciders(run)), ("approval", ["Team lead"]))
        self.assertFalse(payment.child_transaction_ids)
        self._approve(run, self.user_lead)
        self.assertEqual(run.state, "queued", "it calls the outside: a job does it")
        run._execute()
        self.assertEqual(run.state, "done", run.error)
        refund = payment.child_transaction_ids
        self.assertEqual((refund.operation, refund.state, refund.amount), ("refund", "done", -50))
        self._detector("cancelled_after_payment")._sweep()
        self.assertEqual(case.outcome, "cleared")
        run._execute()
        self.assertEqual(len(payment.child_transaction_ids), 1)

    def test_a_large_one_needs_a_manager_as_well(self):
        _order, payment, case = self._case(300.0)
        run = self._ask(case, 300)
        self.assertEqual(self._deciders(run), ["Team lead", "Manager"])
        self._approve(run, self.user_lead)
        self.assertEqual(run.state, "approval")
        self._approve(run, self.user_manager)
        run._execute()
        self.assertEqual((run.state, payment.child_transaction_ids.amount), ("done", -300))

    def test_only_a_band_that_is_set_up_agrees_by_itself(self):
        matrix = self.env.ref("exception_ecommerce.approval_matrix_refund").sudo()
        self.assertFalse(matrix.level_ids.filtered("is_auto"), "as installed people agree")
        lead = self.env.ref("exception_ecommerce.approval_level_refund_lead").sudo()
        lead.amount_from = 50.01
        self.env["exception.approval.level"].sudo().create(
            {"matrix_id": matrix.id, "name": "Small", "is_auto": True, "amount_to": 50}
        )
        _order, _payment, case = self._case()
        run = self._ask(case, 50)
        self.assertEqual(run.state, "queued", run.why)

    def test_the_policies_are_about_nothing_else(self):
        for name in ("refund", "settle", "collect", "hold"):
            matrix = self.env.ref(f"exception_ecommerce.approval_matrix_{name}")
            self.assertTrue(matrix.enabled and matrix.action_ids, matrix.name)
        other = self._create_action(name="Another", approval="matrix")
        _order, _payment, case = self._case()
        result = case.with_user(self.user_agent).run_action(other.id)
        run = self.env["exception.action.run"].browse(result["run_id"])
        self.assertFalse(run.approval_id.matrix_id)

    def test_rejected_it_stays(self):
        _order, payment, case = self._case()
        run = self._ask(case, 50)
        run.approval_id.with_user(self.user_lead).reject("Not yet.")
        self.assertEqual(run.state, "rejected")
        self.assertFalse(payment.child_transaction_ids)

    def test_no_policy_blocks(self):
        self.env.ref("exception_ecommerce.approval_matrix_refund").sudo().enabled = False
        _order, payment, case = self._case()
        run = self._ask(case, 50)
        self.assertNotIn(run.state, ("queued", "done"))
        self.assertFalse(payment.child_transaction_ids)

    def test_more_than_was_paid_is_refused(self):
        _order, payment, case = self._case()
        run = self._approve(self._ask(case, 60), self.user_lead)
        run._execute()
        self.assertEqual(run.state, "failed")
        self.assertFalse(payment.child_transaction_ids)

    def test_without_a_provider_that_can_a_payment_is_drafted(self):
        self.method.support_refund = False
        order, payment, case = self._case()
        run = self._approve(self._ask(case, 50), self.user_lead)
        run._execute()
        draft = self.env["account.payment"].search([("exception_refund_order_id", "=", order.id)])
        self.assertEqual((run.state, draft.state), ("done", "draft"))
        self.assertEqual((draft.payment_type, draft.amount), ("outbound", 50))
        self.assertAlmostEqual(order._exception_refundable(), 0)
        self.assertFalse(payment.child_transaction_ids)

    def test_nobody_hides_what_was_given_back(self):
        self.method.support_refund = False
        order, _payment, case = self._case()
        self._approve(self._ask(case, 50), self.user_lead)._execute()
        draft = self.env["account.payment"].search([("exception_refund_order_id", "=", order.id)])
        payments = self.env["account.payment"].with_user(self.env.ref("base.user_admin"))
        with self.assertRaisesRegex(UserError, "refund"):
            draft.with_env(payments.env).write({"exception_refund_order_id": False})
        forged = payments.with_context(default_exception_refund_order_id=order.id).create(
            {"exception_refund_order_id": order.id, "amount": 5}
        )
        self.assertFalse(forged.exception_refund_order_id)

    def test_an_answer_that_got_lost_is_not_tried_again(self):
        _order, _payment, case = self._case()
        run = self._approve(self._ask(case, 50), self.user_lead)
        lost = ValidationError("Could not establish the connection.")
        transactions = type(self.env["payment.transaction"])
        with patch.object(transactions, "_send_refund_request", side_effect=lost):
            run._execute()
        self.assertEqual(run.state, "unknown")

    def _partly(self):
        """Return the case of an order of which one provider can give 30 back, the other none."""
        product = self._create_product("Dear", list_price=50.0)
        order = self._order(product)
        other = self.env["payment.provider"].create({"name": "By hand", "code": "none"})
        unable = self.env.ref("payment.payment_method_unknown")
        self._pay(order, 20, provider_id=other.id, payment_method_id=unable.id)
        payment = self._pay(order, 30)
        order._action_cancel()
        return order, payment, self._found("cancelled_after_payment", order)

    def _asked(self):
        """Count how often providers are asked."""
        transactions = type(self.env["payment.transaction"])
        ask = transactions._send_refund_request
        return patch.object(transactions, "_send_refund_request", autospec=True, side_effect=ask)

    def test_what_cannot_be_drafted_is_refused_before_anything_is_sent(self):
        _order, payment, case = self._partly()
        self.env["account.journal"].search([("type", "=", "bank")]).active = False
        run = self._approve(self._ask(case, 50), self.user_lead)
        with self._asked() as asked:
            run._execute()
        self.assertEqual(run.state, "failed")
        self.assertIn("Settings", run.error)
        self.assertFalse(asked.called, "nothing was sent, so it may be tried again")
        self.assertFalse(payment.child_transaction_ids)

    def test_part_by_the_provider_and_the_rest_drafted(self):
        order, payment, case = self._partly()
        run = self._approve(self._ask(case, 50), self.user_lead)
        run._execute()
        self.assertEqual(run.state, "done", run.error)
        draft = self.env["account.payment"].search([("exception_refund_order_id", "=", order.id)])
        self.assertEqual((payment.child_transaction_ids.amount, draft.amount), (-30, 20))

    def test_an_error_after_the_answer_sends_nothing_twice(self):
        for model, method in (
            ("sale.order", "_refund_words"),
            ("exception.action.run", "_done"),
        ):
            with self.subTest(method):
                _order, _payment, case = self._partly()
                run = self._approve(self._ask(case, 50), self.user_lead)
                late = patch.object(
                    type(self.env[model]), method, side_effect=UserError("Too late.")
                )
                with self._asked() as asked, late:
                    run._execute()
                self.assertEqual((run.state, run.error), ("unknown", "Too late."))
                with self._asked() as again:
                    run._execute()
                self.assertEqual((asked.call_count, again.call_count), (1, 0))
