from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleExceptionCommon

RESUME = "odoo.addons.exception_core.models.exception_case_hold_end"


@tagged("post_install", "-at_install")
class TestHoldPayment(SaleExceptionCommon):
    """An order that is paid but held stays a quotation, and goes on by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create({"name": "Test", "code": "none"})
        cls.case = cls._create_order_case(hold_step="confirm")
        cls.partner.email = "customer@example.com"

    def _pay(self):
        payment = self.env["payment.transaction"].create(
            {
                "reference": "test-hold-payment",
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.partner.id,
                "amount": self.order.amount_total,
                "operation": "online_redirect",
                "sale_order_ids": [fields.Command.set(self.order.ids)],
            }
        )
        payment._set_done()
        # what is booked is tried with a whole shop (tests/test_hold_shop.py)
        with patch.object(type(payment), "_create_payment"):
            payment._finalize_post_processing()
        return payment

    def _mails(self):
        return " ".join(self.order.message_ids.mapped("body"))

    def test_the_payment_is_kept_and_the_customer_told_just_that(self):
        payment = self._pay()
        self.assertEqual(self.order.state, "sent", "neither an order nor an abandoned cart")
        self.assertEqual(payment.state, "done")
        self.assertTrue(payment.is_post_processed, "nothing tries it again and again")
        self.assertIn("A payment with reference", self._mails())
        self.assertTrue(self.case.hold_resume)
        self.assertIn("has paid", " ".join(self.case.message_ids.mapped("body")))

    def test_a_mail_that_cannot_be_made_does_not_keep_it(self):
        self._pay()
        self.case.write(self.case._ended_values("manual"))
        broken = UserError("Unable to find Wkhtmltopdf")
        with patch.object(type(self.order), "_send_order_notification_mail", side_effect=broken):
            self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sale")
        self.assertIn("Unable to find Wkhtmltopdf", self._mails())

    def test_the_end_of_the_case_confirms_it(self):
        self._pay()
        self.case.write(self.case._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.case.hold_resume)

    def test_lifting_the_hold_confirms_it(self):
        self._pay()
        reason = self.env.ref("exception_core.reason_override_verified_by_phone")
        self.case.with_user(self.user_manager).lift_hold(reason.id)
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sale")

    def test_another_hold_keeps_it_waiting(self):
        self._pay()
        other = self._create_order_case(hold_step="confirm")
        self.case.write(self.case._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sent")
        other.write(other._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sale")

    def test_a_cancelled_order_is_left_alone(self):
        self._pay()
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.case.write(self.case._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "cancel")
        self.assertFalse(self.case.hold_resume)

    def test_what_cannot_go_on_is_a_case_for_people(self):
        self._pay()
        self.case.write(self.case._ended_values("manual"))
        with self.trap_cases() as trap, self._failing(), mute_logger(RESUME):
            self.env["exception.case"]._cron_resume_held()
        trap.assert_opened(1, record=self.order, type_code="automation_stopped")
        self.assertFalse(self.case.hold_resume, "no retry storm")

    def _failing(self):
        return patch.object(
            type(self.order), "_prepare_confirmation_values", side_effect=ValueError("broken")
        )

    def test_no_confirmation_mail_for_a_held_order(self):
        self.order.action_confirm()
        before = len(self.order.message_ids)
        self.order._send_order_confirmation_mail()
        self.assertEqual(len(self.order.message_ids), before)
