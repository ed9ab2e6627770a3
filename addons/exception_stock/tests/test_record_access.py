from lxml import etree

from odoo.tests import tagged

from .common import StockExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordAccess(StockExceptionCommon):
    """People outside the groups of Exceptions work with transfers as before."""

    def _arch(self, user):
        view = self.env.ref("stock.view_picking_form")
        arch = self.env["stock.picking"].with_user(user).get_view(view.id, "form")["arch"]
        return etree.fromstring(arch)

    def test_form_has_no_trace_of_exceptions(self):
        names = self._arch(self.plain_worker).xpath("//field/@name")
        self.assertFalse([name for name in names if name.startswith("exception_")])

    def test_agents_form_shows_banner_and_button(self):
        arch = self._arch(self.worker)
        self.assertTrue(arch.xpath("/form/field[@widget='exception_banner']"))
        self.assertTrue(arch.xpath("//div[@name='button_box']/field[@widget='exception_button']"))

    def test_transfer_is_read_and_validated(self):
        self._create_picking_case()
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.picking.location_id, 1
        )
        picking = self.picking.with_user(self.plain_worker)
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertNotIn("exception_case_count", picking.read()[0])

    def test_menu_entry_is_for_users_of_exceptions_only(self):
        action = self.env.ref("exception_stock.stock_picking_action_report_exception")
        for user, offered in ((self.worker, True), (self.plain_worker, False)):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("stock.picking")
            ids = [entry["id"] for entry in bindings.get("action", ())]
            self.assertEqual(action.id in ids, offered)
