"""A refused step leaves its case, whichever way the caller's transaction ends."""

from committed import CommittedCase
from processes import run_together

from odoo.tests import tagged

HOLD = """
from odoo.exceptions import UserError
partner = env["res.partner"].search([("ref", "=", "hold_evidence")], limit=1)
order = env["sale.order"].search([("client_order_ref", "=", "hold_evidence")])
"""


@tagged("post_install", "-at_install")
class TestHoldEvidence(CommittedCase):
    mark = "hold_evidence"

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            detector = self._create_detector(
                env,
                model_id=env["ir.model"]._get("sale.order").id,
                domain=f"[('state', '=', 'sale'), ('client_order_ref', '=', '{self.mark}')]",
                holds=True,
                hold_step="confirm",
            )
            detector.action_enable()
            partner = self._create_partners(env, 1)
            env["sale.order"].create({"partner_id": partner.id, "client_order_ref": self.mark})

    def _clean_up(self):
        with self.committed() as env:
            self._cases(env).unlink()
            env["exception.detector"].search([("code", "=", self.mark)]).unlink()
            orders = env["sale.order"].search([("client_order_ref", "=", self.mark)])
            orders.with_context(disable_cancel_warning=True).action_cancel()
            orders.unlink()
        super()._clean_up()

    def _run(self, body):
        (result,) = run_together(self.registry.db_name, HOLD + body)
        return result

    def _assert_kept(self, times=1):
        with self.committed() as env:
            orders = env["sale.order"].search([("client_order_ref", "=", self.mark)])
            self.assertEqual(orders.mapped("state"), ["draft"])
            case = self._cases(env)
            self.assertEqual(len(case), 1)
            self.assertTrue(case.is_holding)
            self.assertEqual(case.hold_refused_count, times)
            events = env["exception.audit.entry"].search([("case_id", "=", case.id)])
            self.assertIn("hold.refused", events.mapped("event"))

    def test_a_step_that_answers_and_commits(self):
        self._run("order.action_confirm()\n")
        self._assert_kept()

    def test_an_error_that_rolls_everything_back(self):
        result = self._run(
            """
try:
    order.write({"state": "sale"})
except UserError as error:
    result = str(error)
    env.cr.rollback()
"""
        )
        self.assertIn("on hold", result)
        self._assert_kept()

    def test_an_answer_whose_transaction_fails_later(self):
        self._run("order.action_confirm()\nenv.flush_all()\nenv.cr.rollback()\n")
        self._assert_kept()

    def test_an_error_that_a_savepoint_swallows(self):
        self._run(
            """
try:
    with env.cr.savepoint():
        order.write({"state": "sale"})
except UserError:
    pass
"""
        )
        self._assert_kept()

    def test_an_error_that_is_ignored_without_a_savepoint(self):
        self._run(
            """
try:
    order.write({"state": "sale"})
except UserError:
    pass
"""
        )
        self._assert_kept()

    def test_a_cursor_that_is_closed_without_an_end(self):
        self._run(
            """
try:
    with env.registry.cursor() as other:
        env(cr=other)["sale.order"].browse(order.id).write({"state": "sale"})
except UserError:
    pass
"""
        )
        self._assert_kept()

    def test_each_refusal_counts_once(self):
        body = "order.action_confirm()\nenv.cr.commit()\n"
        self._run(body + body)
        self._assert_kept(times=2)

    def test_two_processes_at_once(self):
        body = HOLD + "order.action_confirm()\n"
        try:
            run_together(self.registry.db_name, body, body)
        except AssertionError as error:
            # one may meet the other's case: Odoo's request would try again, this process does not
            self.assertRegex(str(error), "could not serialize|Somebody else|lock timeout")
        with self.committed() as env:
            self.assertEqual(len(self._cases(env)), 1)
            orders = env["sale.order"].search([("client_order_ref", "=", self.mark)])
            self.assertEqual(orders.mapped("state"), ["draft"])
