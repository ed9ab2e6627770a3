import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldPeople(SaleExceptionCommon):
    """What people see of holds, and who may do what about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("exception_core.reason_override_manager_decision")
        cls.suspicion = cls.env.ref("exception_core.reason_hold_suspicion")
        cls.case = cls._create_order_case(hold_step="confirm", title="Price below cost")

    def _dialog(self, user):
        order = self.order.with_user(user)
        action = order.env["exception.hold.dialog"]._show(order, "confirm", order.browse())
        dialog = order.env["exception.hold.dialog"].browse(action["res_id"])
        return action, dialog

    def test_the_dialog_says_why_since_when_and_who(self):
        action, dialog = self._dialog(self.seller)
        self.assertIn(self.order.name, action["name"])
        (line,) = dialog.line_ids
        self.assertIn("Price below cost", line.why)
        self.assertEqual(line.owner, self.team.name)
        self.assertEqual(line.since, self.case.detected_at)
        self.assertTrue(line.clears)
        self.assertEqual(line.action_open_case()["res_id"], self.case.id)

    def test_asking_says_when_nobody_can_decide(self):
        self.env["exception.approval.matrix"].search([]).enabled = False
        ask = self.env["exception.hold.ask"].with_user(self.seller)
        action = ask.create(
            {"case_ids": self.case.ids, "how": "approval", "note": "A good customer"}
        ).action_apply()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("policy", action["params"]["message"])
        _action, dialog = self._dialog(self.seller)
        self.assertEqual((dialog.is_asked, dialog.can_request), (True, False))

    def test_a_case_whose_step_is_behind_keeps_nothing_waiting(self):
        self.assertTrue(self.case.hold_waits)
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        self.order.action_confirm()
        self.case.lift_ids._end("expired")
        self.case.invalidate_recordset()
        self.assertTrue(self.case.is_holding)
        self.assertFalse(self.case.hold_waits, "the order is confirmed")

    def test_the_dialog_for_people_outside_the_desk(self):
        _action, dialog = self._dialog(self.plain_seller)
        (line,) = dialog.line_ids
        self.assertIn("Price below cost", line.why)
        self.assertFalse(line.case_id)
        self.assertFalse(dialog.can_request)
        self.assertFalse(dialog.can_lift)

    def test_the_dialog_keeps_private_teams_private(self):
        self.case.team_id = self._create_team(private=True, name="Fraud desk")
        _action, dialog = self._dialog(self.seller)
        self.assertEqual(dialog.line_ids.why, "Fraud desk looks into it")
        self.assertFalse(dialog.line_ids.case_id)

    def test_only_the_entitled_lift(self):
        for user in (self.user_agent, self.user_lead, self.seller):
            with self.assertRaisesRegex(UserError, "Lift holds"):
                self.case.with_user(user).lift_hold(self.reason.id)
        self.case.with_user(self.user_manager).lift_hold(self.reason.id, "Known customer")
        lift = self.case.lift_ids
        self.assertEqual((lift.user_id, lift.note), (self.user_manager, "Known customer"))

    def test_lifting_needs_a_reason_of_its_kind(self):
        for reason in (False, self.suspicion.id):
            with self.assertRaises(UserError):
                self.case.with_user(self.user_manager).lift_hold(reason)

    def test_a_lift_covers_no_later_hold(self):
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        later = self._create_order_case(hold_step="confirm")
        self.assertEqual(self.order._exception_holds("confirm"), later)

    def test_a_lift_ends_with_its_time(self):
        soon = fields_now(hours=1)
        self.case.with_user(self.user_manager).lift_hold(self.reason.id, expires_at=soon)
        self.assertFalse(self.case.is_holding)
        self.case.lift_ids._store({"expires_at": fields_now(hours=-1)})
        self.case.invalidate_recordset()
        self.assertTrue(self.case.is_holding)
        self.order.action_confirm()
        self.assertEqual(self.case.lift_ids.end_reason, "expired")

    def test_a_lift_ends_when_the_case_is_opened_again(self):
        self.case._lift(self.reason)
        case = self.case.with_user(self.user_manager)
        case.cancel_case(note="By mistake")
        case.reopen()
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.case.lift_ids.end_reason, "reopened")

    def test_a_lift_says_which_change_ended_it(self):
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        self.order.order_line.product_uom_qty = 40
        self.order.action_confirm()
        self.assertIn("→ 40", self.case.lift_ids.end_changes)

    def test_of_lines_that_are_alike_the_changed_one_is_said(self):
        line = self.order.order_line[:1]
        self.order.order_line = [(0, 0, line.copy_data()[0]) for _number in range(3)]
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        self.order.order_line[2].price_unit = 7.5
        self.order.action_confirm()
        said = self.case.lift_ids.end_changes.splitlines()
        self.assertEqual(len(said), 2, said)
        self.assertIn("→ 7.5", said[1])

    def test_what_is_not_material_does_not_end_it(self):
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        self.order.note = "Ring twice"
        self.assertFalse(self.order._exception_holds("confirm"))

    def test_everything_material_ends_it(self):
        line, partner = self.order.order_line, self.env["res.partner"]
        changes = [
            lambda: line.write({"price_unit": 1}),
            lambda: line.write({"discount": 5}),
            lambda: line.write({"product_uom_qty": 2}),
            lambda: line.write({"tax_id": [(5,)]} if line.tax_id else {"name": "Other"}),
            lambda: line.copy({"order_id": self.order.id}),
            lambda: self.order.write({"partner_id": partner.create({"name": "Else"}).id}),
            lambda: self.order.write({"partner_shipping_id": partner.create({"name": "E"}).id}),
            lambda: self.order.partner_shipping_id.write({"street": "Elsewhere 1"}),
            lambda: line.unlink(),
        ]
        for change in changes:
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self.case._lift(self.reason)
                self.assertFalse(self.order._exception_holds("confirm"))
                change()
                self.assertTrue(self.order._exception_holds("confirm"))
                savepoint.rollback()

    def test_lines_made_anew_with_the_same_content_are_the_same(self):
        self.case._lift(self.reason)
        copied = self.order.order_line.copy({"order_id": self.order.id})
        (self.order.order_line - copied).unlink()
        self.assertFalse(self.order._exception_holds("confirm"))

    def test_put_on_hold_by_hand(self):
        case = self._create_order_case(self._create_order())
        order = self.env["sale.order"].browse(case.res_id)
        case.with_user(self.user_agent).put_on_hold("confirm", self.suspicion.id, "Odd address")
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        with self.assertRaises(UserError):
            case.with_user(self.user_agent).put_on_hold("scrap", self.suspicion.id)

    def test_put_on_hold_again_after_a_lift(self):
        self.case._lift(self.reason)
        self.case.with_user(self.user_agent).put_on_hold("confirm", self.suspicion.id)
        self.assertTrue(self.case.is_holding)
        self.assertEqual(self.case.lift_ids.end_reason, "replaced")

    def test_lifts_are_written_by_the_model_only(self):
        self.case._lift(self.reason)
        for user in self.users.values():
            with self.assertRaises(UserError):
                self.case.lift_ids.with_user(user).write({"expires_at": False})

    def test_the_banner_says_held(self):
        banner = self.order.with_user(self.seller).exception_banner
        self.assertTrue(banner.startswith("On hold: Price below cost"), banner)

    def test_the_trail_keeps_it(self):
        self.order.with_user(self.seller).action_confirm()
        self.case.with_user(self.user_manager).lift_hold(self.reason.id)
        entries = self.env["exception.audit.entry"].search([("case_id", "=", self.case.id)])
        self.assertLessEqual({"hold.refused", "hold.lifted"}, set(entries.mapped("event")))


def fields_now(hours):
    return fields.Datetime.now() + timedelta(hours=hours)


@tagged("post_install", "-at_install")
class TestHoldButton(SaleExceptionCommon, HttpCase):
    """The same method answers a button with the dialog and a program with plain values."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_order_case(hold_step="confirm")

    def _call(self, route, ids):
        self.authenticate(self.seller.login, self.seller.login)
        params = {"model": "sale.order", "method": "action_confirm", "args": [ids], "kwargs": {}}
        answer = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.env.invalidate_all()
        return answer["result"]

    def test_button(self):
        action = self._call("/web/dataset/call_button", self.order.ids)
        self.assertEqual(action["res_model"], "exception.hold.dialog")

    def test_button_on_many(self):
        clean = self._create_order()
        action = self._call("/web/dataset/call_button", (self.order | clean).ids)
        self.assertEqual(action["name"], "1 of 2 are on hold")
        self.assertEqual(clean.state, "sale")

    def test_program(self):
        answer = self._call("/web/dataset/call_kw", self.order.ids)
        told = answer["params"]["exception_hold"]
        self.assertEqual(told["done"], [])
        self.assertEqual([row["id"] for row in told["held"]], self.order.ids)
