from odoo.tests import Form, tagged

from .common import AccountExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordCases(AccountExceptionCommon):
    """What the forms of invoices and payments say about their open cases."""

    def test_banner_and_count(self):
        for record in (self.invoice, self._create_invoice("in_refund"), self.payment):
            self._create_case_on(record, title="Paid twice", severity="2")
            self._create_case_on(record, title="No reference", severity="4")
            seen = record.with_user(self.bookkeeper)
            self.assertEqual(seen.exception_case_count, 2)
            self.assertTrue(seen.exception_banner.startswith("Paid twice"))

    def test_payment_and_its_entry_have_cases_of_their_own(self):
        self._create_case_on(self.payment)
        self.assertEqual(self.payment.with_user(self.bookkeeper).exception_case_count, 1)
        self.assertEqual(self.payment.move_id.with_user(self.bookkeeper).exception_case_count, 0)
        case = self._create_case_on(self.payment.move_id)
        entry = self.payment.move_id.with_user(self.bookkeeper)
        self.assertEqual(entry.action_view_exceptions()["res_id"], case.id)

    def test_resolved_case_takes_the_banner_away(self):
        case = self._create_case_on(self.invoice)
        seen = self.invoice.with_user(self.bookkeeper)
        self.assertTrue(seen.exception_banner)
        case.write({"state": "resolved", "outcome": "manual"})
        seen.invalidate_recordset()
        self.assertFalse(seen.exception_banner)

    def test_filter_finds_documents_with_open_cases(self):
        pairs = [(self.invoice, self._create_invoice()), (self.payment, self._create_payment())]
        for record, other in pairs:
            self._create_case_on(record)
            seen = record.with_user(self.bookkeeper)
            domain = [("id", "in", (record | other).ids), ("exception_case_count", ">", 0)]
            self.assertEqual(seen.search(domain), record)

    def test_reported_case_knows_partner_and_amount(self):
        bill = self._create_invoice("in_invoice", price=250)
        for record, amount in ((bill, 250), (self.payment, 120)):
            action = record.with_user(self.bookkeeper).action_report_exception()
            wizard = self.env[action["res_model"]].with_user(self.bookkeeper)
            form = Form(wizard.with_context(**action["context"]))
            form.type_id = self.case_type
            case = self.env["exception.case"].browse(form.save().action_apply()["res_id"])
            self.assertEqual((case.res_model, case.res_id), (record._name, record.id))
            self.assertEqual((case.partner_id, case.amount), (self.supplier, amount))

    def test_deleted_bill_leaves_its_name_on_the_case(self):
        bill = self._create_invoice("in_invoice")
        case = self._create_case_on(bill)
        name = case.res_name
        bill.unlink()
        self.assertTrue(name)
        self.assertEqual(case.res_name, name)
        self.assertFalse(case.record_exists)
