from lxml import etree

from odoo.tests import Form, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordAccess(SaleExceptionCommon):
    """People outside the groups of Exceptions work with orders as if the bridge were not there."""

    def test_form_has_no_trace_of_exceptions(self):
        self._create_order_case()
        view = (
            self.env["sale.order"]
            .with_user(self.plain_seller)
            .get_view(self.env.ref("sale.view_order_form").id, "form")
        )
        names = etree.fromstring(view["arch"]).xpath("//field/@name")
        self.assertFalse([name for name in names if name.startswith("exception_")])

    def test_filter_is_not_offered(self):
        view = (
            self.env["sale.order"]
            .with_user(self.plain_seller)
            .get_view(self.env.ref("sale.view_sales_order_filter").id, "search")
        )
        self.assertFalse(etree.fromstring(view["arch"]).xpath("//filter[@name='open_exceptions']"))

    def test_order_is_made_read_and_confirmed(self):
        orders = self.env["sale.order"].with_user(self.plain_seller)
        with Form(orders) as form:
            form.partner_id = self.partner
            with form.order_line.new() as line:
                line.product_id = self.product
        order = form.record
        self._create_order_case(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertNotIn("exception_case_count", order.read()[0])
        self.assertNotIn("exception_case_count", orders.fields_get())

    def test_agents_form_shows_banner_and_button(self):
        view = (
            self.env["sale.order"]
            .with_user(self.seller)
            .get_view(self.env.ref("sale.view_order_form").id, "form")
        )
        arch = etree.fromstring(view["arch"])
        self.assertTrue(arch.xpath("/form/field[@widget='exception_banner']"))
        self.assertTrue(arch.xpath("//div[@name='button_box']/field[@widget='exception_button']"))

    def test_customer_reads_own_order_without_a_look_at_cases(self):
        portal = self._create_user(
            "test_exception_portal", "base.group_portal", partner_id=self.partner.id
        )
        self.order.write({"state": "sent"})
        self.order.message_subscribe(self.partner.ids)
        self._create_order_case()
        values = self.order.with_user(portal).read(["name", "state", "amount_total"])[0]
        self.assertEqual(values["name"], self.order.name)
        self.assertNotIn("exception_banner", self.order.with_user(portal).fields_get())
