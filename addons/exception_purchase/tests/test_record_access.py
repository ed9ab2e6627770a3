from lxml import etree

from odoo.tests import Form, tagged

from .common import PurchaseExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordAccess(PurchaseExceptionCommon):
    """People outside the groups of Exceptions buy as if the bridge were not there."""

    def _arch(self, user, view, kind):
        orders = self.env["purchase.order"].with_user(user)
        return etree.fromstring(orders.get_view(self.env.ref(view).id, kind)["arch"])

    def test_form_has_no_trace_of_exceptions(self):
        arch = self._arch(self.plain_buyer, "purchase.purchase_order_form", "form")
        names = arch.xpath("//field/@name")
        self.assertFalse([name for name in names if name.startswith("exception_")])

    def test_agents_form_shows_banner_and_button(self):
        arch = self._arch(self.buyer, "purchase.purchase_order_form", "form")
        self.assertTrue(arch.xpath("/form/field[@widget='exception_banner']"))
        self.assertTrue(arch.xpath("//div[@name='button_box']/field[@widget='exception_button']"))

    def test_filter_is_offered_to_agents_in_both_lists(self):
        for view in ("view_purchase_order_filter", "purchase_order_view_search"):
            for user, offered in ((self.buyer, True), (self.plain_buyer, False)):
                arch = self._arch(user, f"purchase.{view}", "search")
                found = arch.xpath("//filter[@name='open_exceptions']")
                self.assertEqual(bool(found), offered, view)

    def test_order_is_made_read_and_confirmed(self):
        orders = self.env["purchase.order"].with_user(self.plain_buyer)
        with Form(orders) as form:
            form.partner_id = self.supplier
            with form.order_line.new() as line:
                line.product_id = self.product
        order = form.record
        self._create_purchase_case(order)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertNotIn("exception_case_count", order.read()[0])
        self.assertNotIn("exception_case_count", orders.fields_get())

    def test_menu_entry_is_for_users_of_exceptions_only(self):
        action = self.env.ref("exception_purchase.purchase_order_action_report_exception")
        actions = self.env["ir.actions.actions"]
        for user, offered in ((self.buyer, True), (self.plain_buyer, False)):
            bindings = actions.with_user(user).get_bindings("purchase.order")
            ids = [entry["id"] for entry in bindings.get("action", ())]
            self.assertEqual(action.id in ids, offered)
