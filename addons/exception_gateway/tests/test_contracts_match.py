"""Records of the apps that are installed are found; without them cases are about the event."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .samples_more import MoreMaker
from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestContractsMatch(VendorCommon):
    @classmethod
    def setUpClass(cls):
        """Make an order, where orders are installed."""
        super().setUpClass()
        cls.maker = MoreMaker(11)
        cls.order = None
        if "sale.order" in cls.env:
            cls.order = cls.env["sale.order"].create(
                {"partner_id": cls.partner.id, "client_order_ref": "#77001"}
            )

    def setUp(self):
        super().setUp()
        if not self.order and "without" not in self._testMethodName:
            self.skipTest("Orders are not installed")

    def _shop_order(self, **values):
        sample = self.maker.shopify_order("orders/updated", name="#77001", **values)
        return self._tell("shopify", sample.kind, sample.content)

    def test_order_of_the_shop(self):
        event = self._shop_order(
            cancelled_at=self.maker.when(),
            financial_status="paid",
            total_price="55.50",
            currency="USD",
        )
        case = event.case_ids
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.order.id))
        self.assertEqual(case.type_id.code, "cancelled_after_payment")
        self.assertEqual((case.amount, case.partner_id), (55.5, self.partner))
        cleared = self._shop_order(cancelled_at=self.maker.when(), financial_status="refunded")
        self.assertEqual(cleared.case_ids, case)
        self.assertFalse(case.is_open)

    def test_payment_with_the_reference_of_the_order(self):
        """Odoo gives the provider the order's number with a dash and a count."""
        sample = self.maker.payment(
            "payment_intent.payment_failed", description=f"{self.order.name}-2"
        )
        sample.content["data"]["object"]["description"] = f"{self.order.name}-2"
        case = self._tell("stripe", sample.kind, sample.content).case_ids
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.order.id))

    def test_adyen_reference(self):
        sample = next(
            one for one in self.maker.adyen_samples() if one.opens == "event_payment_failed"
        )
        item = sample.content
        if "notificationItems" in item:
            item = item["notificationItems"][0]["NotificationRequestItem"]
        item["merchantReference"] = f"{self.order.name}-1"
        case = self._tell("adyen", sample.kind, sample.content).case_ids
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.order.id))

    def test_payment_by_the_provider_reference(self):
        if "payment.transaction" not in self.env:
            self.skipTest("Payments are not installed")
        transaction = self._transaction("pi_known")
        sample = self.maker.payment("payment_intent.payment_failed")
        sample.content["data"]["object"]["id"] = "pi_known"
        case = self._tell("stripe", sample.kind, sample.content).case_ids
        self.assertEqual((case.res_model, case.res_id), ("payment.transaction", transaction.id))
        transaction.sale_order_ids = self.order
        sample = self.maker.payment("payment_intent.payment_failed")
        sample.content["data"]["object"].update(id="pi_2", payment_intent="pi_known")
        case = self._tell("stripe", sample.kind, sample.content).case_ids
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.order.id))

    def _transaction(self, reference):
        provider = self.env["payment.provider"].search([], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": f"Test {reference}",
                "provider_reference": reference,
                "amount": 5,
                "currency_id": self.env.company.currency_id.id,
                "partner_id": self.partner.id,
            }
        )

    def test_parcel_of_a_transfer(self):
        if "carrier_tracking_ref" not in self.env.get("stock.picking", self.env["base"])._fields:
            self.skipTest("Carriers are not installed")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "carrier_tracking_ref": "1Z-KNOWN",
                "partner_id": self.partner.id,
            }
        )
        sample = next(
            one for one in self.maker.easypost_samples() if one.opens == "event_shipment_lost"
        )
        sample.content["result"]["tracking_code"] = "1Z-KNOWN"
        case = self._tell("easypost", sample.kind, sample.content).case_ids
        self.assertEqual((case.res_model, case.res_id), ("stock.picking", picking.id))
        self.assertEqual(case.partner_id, self.partner)

    def test_missing_order_becomes_a_case_and_clears_when_it_came(self):
        sample = self.maker.shopify_order("orders/create", name="#77002")
        event = self._tell("shopify", sample.kind, sample.content)
        self.assert_event(event, "parked", "#77002")
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), hours=3)):
            self._understand(event)
            self.assertEqual(event.case_ids.type_id.code, "order_not_imported")
            case = event.case_ids
            self.order.copy({"client_order_ref": "#77002"})
            again = self.maker.shopify_order(
                "orders/updated", name="#77002", id=sample.content["id"]
            )
            told = self._tell("shopify", again.kind, again.content)
        self.assert_event(told, "done", case.name)
        self.assertFalse(case.is_open)

    def test_without_the_app_the_case_is_about_the_event(self):
        lines = type(self.env["exception.event.match"])
        sample = self.maker.shopify_order(
            "orders/cancelled", cancelled_at=self.maker.when(), financial_status="paid"
        )
        with patch.object(lines, "_places", lambda line: []):
            event = self._tell("shopify", sample.kind, sample.content)
        case = event.case_ids
        self.assertEqual((case.res_model, case.res_id), ("exception.event", event.id))
        self.assertEqual(case.type_id.code, "cancelled_after_payment")
