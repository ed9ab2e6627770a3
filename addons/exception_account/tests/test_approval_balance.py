from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import AccountExceptionCommon


@tagged("post_install", "-at_install")
class TestApprovalBalance(AccountExceptionCommon):
    """Approvers read what the customer owes, without access to the books."""

    def _request(self):
        case = self._create_case(partner_id=self.partner.id, amount=10.0)
        return self.env["exception.approval"]._request(case, None, "Please")

    def test_owed_and_overdue(self):
        today = fields.Date.today()
        self.invoice.write({"invoice_date": today, "invoice_date_due": today + timedelta(days=30)})
        self.invoice.action_post()
        late = self._create_invoice(
            price=100.0,
            invoice_date=today - timedelta(days=60),
            invoice_date_due=today - timedelta(days=30),
        )
        late.action_post()
        request = self._request().with_user(self.user_approver)
        self.assertTrue(request.has_open_balance)
        self.assertEqual((request.open_balance, request.overdue_balance), (1000.0, 100.0))
        against = request._facts_of()[1]
        self.assertIn("overdue", " ".join(against))

    def test_a_contact_owes_what_its_company_owes(self):
        self.invoice.action_post()
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner.id})
        case = self._create_case(partner_id=contact.id, amount=10.0)
        request = self.env["exception.approval"]._request(case, None, "Please")
        self.assertEqual(request.open_balance, 900.0)

    def test_nothing_owed(self):
        request = self._request()
        self.assertTrue(request.has_open_balance)
        self.assertEqual((request.open_balance, request.overdue_balance), (0.0, 0.0))
