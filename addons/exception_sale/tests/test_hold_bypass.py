from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldBypass(SaleExceptionCommon):
    """Each way to confirm an order without asking, tried: none of them gets past a hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector(
            model="sale.order",
            domain="[('state', '=', 'sale'), ('client_order_ref', '=', 'BAD')]",
            cadence="realtime",
            holds=True,
            hold_step="confirm",
        )
        cls.detector.action_enable()
        cls.order.client_order_ref = "BAD"

    def _held(self, order=None):
        order = order or self.order
        self.env.flush_all()
        self.assertIn(order.state, ("draft", "sent"))

    def test_the_button(self):
        self.order.with_user(self.seller).action_confirm()
        self._held()

    def test_as_superuser(self):
        self.order.sudo().action_confirm()
        self._held()

    def test_a_context_of_the_client(self):
        marks = {"exception_hold_passed": {"sale.order": self.order.ids}, "exception_batch": True}
        self.order.with_user(self.seller).with_context(**marks).action_confirm()
        self._held()

    def test_writing_the_state(self):
        for vals in ({"state": "sale"}, {"state": "sale", "locked": True}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.order.with_user(self.seller).write(vals)
        self._held()

    def test_saving_a_form(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.with_user(self.seller).web_save({"state": "sale"}, {"state": {}})
        self._held()

    def test_putting_right_and_wrong_in_one_write(self):
        self.order.client_order_ref = "GOOD"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.write({"state": "sale", "client_order_ref": "BAD"})

    def test_creating_in_the_state(self):
        values = {"partner_id": self.partner.id, "client_order_ref": "BAD", "state": "sale"}
        line = Command.create({"product_id": self.product.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["sale.order"].with_user(self.seller).create({**values, "order_line": [line]})

    def test_a_default_of_the_state(self):
        orders = self.env["sale.order"].with_context(default_state="sale")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.create({"partner_id": self.partner.id, "client_order_ref": "BAD"})

    def test_importing(self):
        names = ["partner_id/.id", "client_order_ref", "state"]
        rows = [[str(self.partner.id), "BAD", "sale"]]
        answer = self.env["sale.order"].with_user(self.seller).load(names, rows)
        self.assertFalse(answer["ids"])
        self.assertIn("on hold", answer["messages"][0]["message"])

    def test_importing_over_an_order(self):
        names, rows = [".id", "state"], [[str(self.order.id), "sale"]]
        answer = self.env["sale.order"].with_user(self.seller).load(names, rows)
        self.assertFalse(answer["ids"])
        self._held()

    def test_an_override_of_another_addon(self):
        """An addon that acts before super() and replaces what it returns sees clean orders only."""
        seen = []
        model = type(self.order)
        inner = model.action_confirm.__wrapped__

        def action_confirm(orders):
            seen.extend(orders.ids)
            inner(orders)
            return {"type": "ir.actions.act_window_close"}

        clean = self._create_order()
        with patch.object(model, "action_confirm", action_confirm):
            self.order._exception_wrap("confirm", "action_confirm")
            answer = (self.order | clean).action_confirm()
        self.assertEqual(seen, clean.ids)
        self.assertEqual(answer["params"]["exception_hold"]["done"], clean.ids)
        self._held()

    def test_calling_the_second_half(self):
        """What confirms is the state; what follows from it is not the step."""
        self.order._action_confirm()
        self._held()

    def test_a_scheduled_action(self):
        cron = self.env["ir.cron"].create(
            {
                "name": "Confirm all",
                "model_id": self.env["ir.model"]._get("sale.order").id,
                "state": "code",
                "code": f"model.browse({self.order.ids}).action_confirm()",
            }
        )
        cron.ir_actions_server_id.run()
        self._held()

    def test_confirming_again_inside_a_confirmation(self):
        """What one order has passed says nothing about another one."""
        clean, held = self._create_order(), self.order
        model = type(self.order)
        inner = model._action_confirm

        def _action_confirm(orders):
            if clean in orders:
                held.action_confirm()
            return inner(orders)

        with patch.object(model, "_action_confirm", _action_confirm):
            clean.action_confirm()
        self.assertEqual(clean.state, "sale")
        self._held()

    def test_a_cancelled_order(self):
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.write({"state": "sale"})

    def test_ending_the_case_needs_the_right(self):
        self.order.action_confirm()
        case = self.env["exception.case"].search([("detector_id", "=", self.detector.id)])
        as_agent = case.with_user(self.user_agent)
        reason = {kind: self._create_reason(kind=kind) for kind in ("cancellation", "false_alarm")}
        attempts = (
            lambda: as_agent.cancel_case(reason["cancellation"].id),
            lambda: as_agent.mark_false_alarm(reason["false_alarm"].id),
            lambda: as_agent.merge_into(self._create_order_case().id),
            lambda: as_agent.resolve(note="Looks fine"),
            lambda: as_agent.lift_hold(self.env.ref("exception_core.reason_override_emergency").id),
            lambda: as_agent.write({"hold_step": False}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.order.action_confirm()
        self._held()

    def test_covering_a_bundle_leaves_what_holds(self):
        self.order.action_confirm()
        holding = self.env["exception.case"].search([("detector_id", "=", self.detector.id)])
        other = self._create_order_case(type_id=self._create_type().id)
        resolution = self._create_reason()
        other.with_user(self.user_agent).resolve(None, resolution.id, cover_bundle=True)
        self.assertTrue(holding.is_open)

    def test_catching_the_error(self):
        """What was refused is taken back, even for a caller who ignores the refusal."""
        try:
            self.order.write({"state": "sale"})
        except UserError:
            self.env.flush_all()
        self._held()
