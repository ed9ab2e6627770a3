from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestReport(SaleExceptionCommon):
    """A person reports on an order what no detector sees."""

    def _report(self, order=None, user=None, **values):
        action = (order or self.order).with_user(user or self.seller).action_report_exception()
        wizard = self.env[action["res_model"]].with_user(user or self.seller)
        form = Form(wizard.with_context(**action["context"]))
        form.type_id = self.case_type
        for name, value in values.items():
            setattr(form, name, value)
        result = form.save().action_apply()
        return self.env["exception.case"].browse(result["res_id"])

    def test_case_is_bound_to_the_order(self):
        case = self._report(title="Somebody else's parcel", severity="1")
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.order.id))
        self.assertEqual(case.res_name, self.order.display_name)
        self.assertEqual(case.partner_id, self.partner)
        self.assertEqual(case.amount, self.order.amount_total)
        self.assertEqual(case.company_id, self.order.company_id)
        self.assertEqual(case.title, "Somebody else's parcel")
        self.assertEqual(case.severity, "1")
        self.assertFalse(case.detector_id)

    def test_reported_case_joins_the_bundle(self):
        found = self._create_order_case(severity="3")
        case = self._report(severity="1")
        self.assertTrue(case.is_leading)
        self.assertFalse(found.is_leading)
        self.assertEqual(case.bundle_size, 2)
        self.assertEqual(self.order.with_user(self.seller).exception_case_count, 2)

    def test_menu_entry_opens_the_dialog(self):
        action = self.env.ref("exception_sale.sale_order_action_report_exception")
        result = (
            action.with_user(self.seller)
            .with_context(active_model="sale.order", active_id=self.order.id)
            .run()
        )
        self.assertEqual(result["res_model"], "exception.case.report")

    def test_menu_entry_is_for_users_of_exceptions_only(self):
        action = self.env.ref("exception_sale.sale_order_action_report_exception")
        bindings = self.env["ir.actions.actions"].with_user(self.plain_seller)
        offered = bindings.get_bindings("sale.order").get("action", ())
        self.assertNotIn(action.id, [entry["id"] for entry in offered])
        with self.assertRaises(AccessError):
            action.with_user(self.plain_seller).with_context(
                active_model="sale.order", active_id=self.order.id
            ).run()
