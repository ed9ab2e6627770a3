from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from .common import NOW, EcommerceCommon

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
# 8 May in São Paulo lasts from 03:00 to 03:00 UTC
PROMISED = datetime(2024, 5, 8, 3)


@tagged("post_install", "-at_install")
class TestDelivery(EcommerceCommon):
    """Late, undelivered, unshipped and handed over late."""

    def _promised(self, **overrides):
        return self._order(self.goods, ago=10 * DAY, commitment_date=PROMISED, **overrides)

    def _with_carrier(self, order):
        """Let the order go by way of a transit location, as shops do that follow their parcels."""
        delivery = order.picking_ids
        transit = self.env["stock.location"].create(
            {"name": "Carrier", "usage": "transit", "company_id": order.company_id.id}
        )
        hand_over = delivery.copy(
            {
                "picking_type_id": order.warehouse_id.int_type_id.id,
                "location_dest_id": transit.id,
            }
        )
        hand_over.move_ids.location_dest_id = transit
        hand_over.move_ids.group_id = order.procurement_group_id
        hand_over.action_confirm()
        delivery.location_id = transit
        delivery.move_ids.location_id = transit
        self.assertEqual(hand_over.sale_id, order)
        return hand_over, delivery

    # ------------------------------------------------------------------
    # delivered late
    # ------------------------------------------------------------------

    def test_delivered_late_counts_local_days(self):
        in_time, late = self._promised(), self._promised()
        self._done(in_time.picking_ids, PROMISED + DAY - SECOND)
        self._done(late.picking_ids, PROMISED + DAY)
        self.assert_no_hit("delivered_late", in_time)
        hit = self.assert_hit("delivered_late", late)
        self.assertEqual(hit["facts"]["days_late"], 1)
        self.assertEqual(hit["facts"]["promised_on"], "2024-05-08")
        self.assertEqual(hit["amount"], 50)
        self.assertEqual(hit["occurred_at"], PROMISED + DAY)
        self.assertEqual(hit["warehouse_id"], late.warehouse_id.id)

    def test_the_warehouse_has_the_last_word_on_the_zone(self):
        order = self._promised()
        self._done(order.picking_ids, PROMISED + DAY)
        office = self.env["res.partner"].create({"name": "Dock", "tz": "America/Los_Angeles"})
        # 8 May 20:00 there, and the promise was 7 May 20:00
        order.warehouse_id.partner_id = office
        self.assertEqual(self.assert_hit("delivered_late", order)["facts"]["days_late"], 1)
        office.tz = "Asia/Tokyo"
        self.assertEqual(
            self.assert_hit("delivered_late", order)["facts"]["promised_on"], "2024-05-08"
        )

    def test_delivered_late_tolerates_and_looks_back(self):
        order = self._promised()
        self._done(order.picking_ids, PROMISED + DAY)
        self.assert_no_hit("delivered_late", order, tolerance_days=1)
        much_later = NOW + timedelta(days=800)
        self.assert_no_hit("delivered_late", order, now=much_later)
        self.assert_hit("delivered_late", order, now=much_later, look_back_days=0)

    def test_a_lead_time_of_zero_days_is_no_promise(self):
        order = self._order(self.goods, ago=9 * DAY)
        self._done(order.picking_ids, NOW)
        self.assert_no_hit("delivered_late", order)
        self.goods.sale_delay = 2
        order = self._order(self.goods, ago=9 * DAY)
        self.assert_hit("undelivered_past_promise", order)
        self._done(order.picking_ids, NOW)
        self.assertEqual(self.assert_hit("delivered_late", order)["facts"]["days_late"], 7)

    # ------------------------------------------------------------------
    # not delivered
    # ------------------------------------------------------------------

    def test_undelivered_from_the_day_after_the_promise(self):
        order = self._promised()
        self.assert_no_hit("undelivered_past_promise", order, now=PROMISED + DAY - SECOND)
        hit = self.assert_hit("undelivered_past_promise", order, now=PROMISED + DAY)
        self.assertEqual(hit["facts"]["days_past"], 1)
        self.assertEqual(hit["facts"]["handed_over"], False)
        self.assert_no_hit("undelivered_past_promise", order, tolerance_days=2)

    def test_undelivered_heals_by_delivery_and_cancellation(self):
        delivered, cancelled = self._promised(), self._promised()
        self._done(delivered.picking_ids)
        cancelled._action_cancel()
        self.assert_no_hit("undelivered_past_promise", delivered | cancelled)

    def test_a_part_that_is_missing_is_not_delivered(self):
        order = self._order(self.goods, ago=10 * DAY, quantity=3, commitment_date=PROMISED)
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(len(order.picking_ids), 2, "a backorder")
        self.assert_hit("undelivered_past_promise", order)
        self.assert_no_hit("delivered_late", order)

    def test_services_are_not_delivered(self):
        order = self._order(self.service, ago=10 * DAY, commitment_date=PROMISED)
        self._pay(order, ago=9 * DAY)
        self.assert_no_hit("undelivered_past_promise", order)
        self.assert_no_hit("paid_not_shipped", order)

    def test_a_quotation_promises_nothing(self):
        self.assert_no_hit("undelivered_past_promise", self._promised(confirm=False))

    # ------------------------------------------------------------------
    # paid, not shipped
    # ------------------------------------------------------------------

    def test_paid_not_shipped_after_five_times_24_hours(self):
        order = self._order(self.goods, ago=10 * DAY)
        self.assert_no_hit("paid_not_shipped", order)
        self._pay(order, ago=5 * DAY)
        self.assert_no_hit("paid_not_shipped", order)
        hit = self.assert_hit("paid_not_shipped", order, now=NOW + SECOND)
        self.assertEqual(hit["facts"]["days_waiting"], 5)
        self.assertEqual(hit["occurred_at"], NOW - 5 * DAY)
        self.assert_hit("paid_not_shipped", order, max_days=4)

    def test_an_authorisation_is_no_payment(self):
        order = self._order(self.goods, ago=10 * DAY)
        self._authorise(order, ago=6 * DAY)
        self.assert_no_hit("paid_not_shipped", order)

    def test_shipping_heals_paid_not_shipped(self):
        order = self._order(self.goods, ago=10 * DAY)
        self._pay(order, ago=6 * DAY)
        self.assert_hit("paid_not_shipped", order)
        self._done(order.picking_ids)
        self.assert_no_hit("paid_not_shipped", order)

    def test_unavailable_orders_have_a_case_of_their_own(self):
        order = self._promised()
        self._pay(order, ago=6 * DAY)
        order.tag_ids = self.env.ref("exception_ecommerce.tag_unavailable")
        self.assert_no_hit("paid_not_shipped", order)
        self.assert_no_hit("undelivered_past_promise", order)
        self.assert_hit("paid_not_shipped", order, unavailable_tags="Something else")

    # ------------------------------------------------------------------
    # handed over
    # ------------------------------------------------------------------

    def test_handed_over_late_to_the_second(self):
        in_time, late = self._promised(), self._promised()
        limit = NOW - DAY
        (in_time | late).picking_ids.scheduled_date = limit
        self._done(in_time.picking_ids, limit)
        self._done(late.picking_ids, limit + 90 * timedelta(minutes=1))
        self.assert_no_hit("handed_over_late", in_time)
        hit = self.assert_hit("handed_over_late", late)
        self.assertEqual(hit["facts"]["hours_late"], 1.5)
        self.assert_no_hit("handed_over_late", late, tolerance_hours=1.5)

    def test_by_way_of_the_carrier(self):
        order = self._promised()
        self._pay(order, ago=6 * DAY)
        hand_over, delivery = self._with_carrier(order)
        hand_over.scheduled_date = delivery.scheduled_date = NOW - 2 * DAY
        self.assert_hit("paid_not_shipped", order)
        self._done(hand_over, NOW - DAY)
        self.assert_no_hit("paid_not_shipped", order)
        self.assert_hit("handed_over_late", order)
        hit = self.assert_hit("undelivered_past_promise", order)
        self.assertEqual(hit["facts"]["handed_over"], True)
        self._done(delivery, NOW)
        self.assert_no_hit("undelivered_past_promise", order)
        self.assertEqual(self.assert_hit("delivered_late", order)["facts"]["days_late"], 2)
        self.assertEqual(
            self.assert_hit("handed_over_late", order)["facts"]["hours_late"], 24, "not the 2nd leg"
        )

    def test_transit_between_own_warehouses_is_no_hand_over(self):
        order = self._order(self.goods, ago=10 * DAY)
        self._pay(order, ago=6 * DAY)
        hand_over, _delivery = self._with_carrier(order)
        own = order.company_id.internal_transit_location_id
        hand_over.location_dest_id = own
        hand_over.move_ids.location_dest_id = own
        self._done(hand_over)
        self.assert_hit("paid_not_shipped", order)

    def test_values_by_company(self):
        order = self._order(self.goods, ago=10 * DAY)
        self._pay(order, ago=6 * DAY)
        parameter = self.env.ref("exception_ecommerce.detector_paid_not_shipped_max_days")
        vals = {"company_id": order.company_id.id, "value": "30"}
        parameter.value_ids = [Command.create(vals)]
        self.assert_no_hit("paid_not_shipped", order)
