from odoo.tests import HttpCase, tagged

from .hold_common import AccountHoldCommon


@tagged("post_install", "-at_install")
class TestHoldBrowser(AccountHoldCommon, HttpCase):
    """In the browser, a dialog answers."""

    browser_size = "1440,900"

    def setUp(self):
        super().setUp()
        self.authenticate(self.bookkeeper.login, self.bookkeeper.login)

    def test_the_buttons_answer_with_a_dialog(self):
        self._hold(self.invoice, "post", title="Tax number is wrong")
        self._hold(self.payment, "pay", title="Bank account is new")
        for record, why in (
            (self.invoice, "Tax number is wrong"),
            (self.payment, "Bank account is new"),
            (self.payment.move_id, "Bank account is new"),
        ):
            self.assertIn(why, self._shown(self._press(record, "action_post"))[0])
            self.assertEqual(record.state, "draft")

    def test_registering_a_payment_answers_with_a_dialog(self):
        bill = self._create_invoice("in_invoice")
        bill.action_post()
        case = self._hold(bill, "pay")
        self.assertIn(case.name, self._shown(self._press(bill, "action_register_payment"))[0])

    def test_tour(self):
        bill = self._create_invoice("in_invoice")
        self._hold(bill, "post", title="Bank account is new")
        url = f"/web#id={bill.id}&model=account.move&view_type=form"
        self.start_tour(url, "exception_hold_post", login=self.bookkeeper.login)
        self.assertEqual(bill.state, "draft")
