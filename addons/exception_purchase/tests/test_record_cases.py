from odoo.tests import tagged

from .common import PurchaseExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordCases(PurchaseExceptionCommon):
    """What a purchase order's form says about its open cases."""

    def test_banner_and_count(self):
        self._create_purchase_case(title="Price above the contract", severity="2")
        self._create_purchase_case(title="No date confirmed", severity="4")
        seen = self.order.with_user(self.buyer)
        self.assertEqual(seen.exception_case_count, 2)
        self.assertTrue(seen.exception_banner.startswith("Price above the contract"))

    def test_resolved_case_takes_the_banner_away(self):
        case = self._create_purchase_case()
        seen = self.order.with_user(self.buyer)
        self.assertTrue(seen.exception_banner)
        case.write({"state": "resolved", "outcome": "manual"})
        seen.invalidate_recordset()
        self.assertFalse(seen.exception_banner)
        self.assertEqual(seen.exception_case_count, 0)

    def test_filter_finds_orders_with_open_cases(self):
        other = self._create_purchase()
        self._create_purchase_case()
        orders = self.env["purchase.order"].with_user(self.buyer)
        domain = [("id", "in", (self.order | other).ids), ("exception_case_count", ">", 0)]
        self.assertEqual(orders.search(domain), self.order)

    def test_smart_button_and_banner_lead_to_the_cases(self):
        minor = self._create_purchase_case(severity="4")
        self.assertEqual(
            self.order.with_user(self.buyer).action_view_exceptions()["res_id"], minor.id
        )
        worst = self._create_purchase_case(severity="1")
        seen = self.order.with_user(self.buyer)
        self.assertEqual(seen.action_view_worst_exception()["res_id"], worst.id)
        found = self.env["exception.case"].search(seen.action_view_exceptions()["domain"])
        self.assertEqual(found, minor | worst)

    def test_deleted_order_leaves_its_name_on_the_case(self):
        name = self.order.name
        case = self._create_purchase_case()
        self.order.button_cancel()
        self.order.unlink()
        self.assertEqual(case.res_name, name)
        self.assertFalse(case.record_exists)
