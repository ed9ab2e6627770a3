from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import AccountExceptionCommon

FORMS = {
    "account.move": "account.view_move_form",
    "account.payment": "account.view_account_payment_form",
}
SEARCHES = {
    "account.view_account_invoice_filter": "account.move",
    "account.view_account_move_filter": "account.move",
    "account.view_account_payment_search": "account.payment",
}


@tagged("post_install", "-at_install")
class TestRecordAccess(AccountExceptionCommon):
    """People outside the groups of Exceptions keep the books as if the bridge were not there."""

    def _arch(self, user, model, view, kind):
        records = self.env[model].with_user(user)
        return etree.fromstring(records.get_view(self.env.ref(view).id, kind)["arch"])

    def test_forms_have_no_trace_of_exceptions(self):
        for model, view in FORMS.items():
            names = self._arch(self.plain_bookkeeper, model, view, "form").xpath("//field/@name")
            self.assertFalse([name for name in names if name.startswith("exception_")], model)

    def test_agents_forms_show_banner_and_button(self):
        for model, view in FORMS.items():
            arch = self._arch(self.bookkeeper, model, view, "form")
            self.assertTrue(arch.xpath("/form/field[@widget='exception_banner']"), model)
            buttons = "//div[@name='button_box']/field[@widget='exception_button']"
            self.assertTrue(arch.xpath(buttons), model)

    def test_filter_is_offered_to_agents(self):
        for view, model in SEARCHES.items():
            for user, offered in ((self.bookkeeper, True), (self.plain_bookkeeper, False)):
                arch = self._arch(user, model, view, "search")
                found = arch.xpath("//filter[@name='open_exceptions']")
                self.assertEqual(bool(found), offered, view)

    def test_invoice_is_made_posted_and_paid(self):
        moves = self.env["account.move"].with_user(self.plain_bookkeeper)
        with Form(moves.with_context(default_move_type="out_invoice")) as form:
            form.partner_id = self.partner
            with form.invoice_line_ids.new() as line:
                line.product_id = self.product
        invoice = form.record
        self._create_case_on(invoice)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        action = invoice.action_register_payment()
        wizard = self.env[action["res_model"]].with_user(self.plain_bookkeeper)
        payment = wizard.with_context(**action["context"]).create({})._create_payments()
        self.assertEqual(payment.state, "posted")
        for record in (invoice, payment):
            with self.assertRaises(AccessError):
                record.read(["exception_case_count"])
            self.assertNotIn("exception_case_count", record.fields_get())

    def test_menu_entry_is_for_users_of_exceptions_only(self):
        actions = self.env["ir.actions.actions"]
        for model in FORMS:
            name = model.replace(".", "_")
            action = self.env.ref(f"exception_account.{name}_action_report_exception")
            for user, offered in ((self.bookkeeper, True), (self.plain_bookkeeper, False)):
                bindings = actions.with_user(user).get_bindings(model)
                ids = [entry["id"] for entry in bindings.get("action", ())]
                self.assertEqual(action.id in ids, offered, model)
