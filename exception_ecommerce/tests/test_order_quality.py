from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import NOW, EcommerceCommon

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestOrderQuality(EcommerceCommon):
    """Orders that are double, empty, of unknown size or unavailable."""

    # ------------------------------------------------------------------
    # duplicates
    # ------------------------------------------------------------------

    def test_the_later_of_two_equal_orders(self):
        lamp, chair = self.goods, self._create_product("Chair")
        first = self._order(lamp, chair, ago=DAY)
        second = self._order(chair, lamp)
        self.assert_no_hit("order_duplicate", first)
        hit = self.assert_hit("order_duplicate", second)
        self.assertEqual(hit["facts"]["earlier_order"], first.name)
        self.assertEqual(hit["facts"]["minutes_apart"], 24 * 60)
        self.assert_no_hit("order_duplicate", second, window_hours=23.9)

    def test_one_line_of_two_equals_two_lines_of_one(self):
        self._order(self.goods, ago=HOUR, quantity=2)
        self.assert_hit("order_duplicate", self._order(self.goods, self.goods))

    def test_no_duplicates(self):
        self._order(self.goods, ago=DAY + MINUTE)
        self.assert_no_hit("order_duplicate", self._order(self.goods))
        other = self._order(self.goods, ago=MINUTE, partner_id=self.env.user.partner_id.id)
        self.assert_no_hit("order_duplicate", other)
        self.assert_no_hit("order_duplicate", self._order(self.goods, quantity=2))
        self.assert_no_hit("order_duplicate", self._order(self.goods, confirm=False))

    def test_empty_orders_are_no_duplicates(self):
        self._order(ago=HOUR)
        self.assert_no_hit("order_duplicate", self._order())

    def test_cancelling_either_heals(self):
        first, second = self._order(self.goods, ago=HOUR), self._order(self.goods)
        first._action_cancel()
        self.assert_no_hit("order_duplicate", second)
        self.assert_hit("order_duplicate", second, include_cancelled=1)

    # ------------------------------------------------------------------
    # weight and size
    # ------------------------------------------------------------------

    def test_missing_weight_or_volume(self):
        light = self._create_product("Light", weight=0)
        flat = self._create_product("Flat", volume=0)
        self.assert_no_hit("data_missing_dimensions", self._order(self.goods, self.service))
        hit = self.assert_hit("data_missing_dimensions", self._order(self.goods, light))
        self.assertEqual(hit["product_id"], light.id)
        self.assertEqual(hit["facts"]["products"], "Light")
        order = self._order(flat, light)
        hit = self.assert_hit("data_missing_dimensions", order)
        self.assertEqual(hit["facts"]["products"], "Light, Flat")
        light.weight, flat.volume = 0.5, 0.000001
        self.assert_no_hit("data_missing_dimensions", order)

    def test_rounded_volumes_say_nothing(self):
        order = self._order(self._create_product("Flat", volume=0))
        self.assert_hit("data_missing_dimensions", order)
        self.env["decimal.precision"].search([("name", "=", "Volume")]).digits = 2
        self.assert_no_hit("data_missing_dimensions", order)

    # ------------------------------------------------------------------
    # empty orders
    # ------------------------------------------------------------------

    def test_notes_and_freight_are_no_products(self):
        order = self._order()
        self.assert_hit("order_without_lines", order)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Please hurry"}),
            Command.create({"product_id": self.service.id, "is_delivery": True}),
        ]
        self.assert_hit("order_without_lines", order)
        order.order_line = [Command.create({"product_id": self.service.id})]
        self.assert_no_hit("order_without_lines", order)

    def test_only_confirmed_orders_are_without_lines(self):
        self.assert_no_hit("order_without_lines", self._order(confirm=False))
        order = self._order()
        order._action_cancel()
        self.assert_no_hit("order_without_lines", order)
        self.assert_hit("order_without_lines", order, include_cancelled=1)

    # ------------------------------------------------------------------
    # unavailable
    # ------------------------------------------------------------------

    def test_a_tag_says_unavailable(self):
        order = self._order(self.goods)
        self.assert_no_hit("order_unavailable", order)
        order.tag_ids = self.env["crm.tag"].create({"name": "Sold out"})
        self.assert_no_hit("order_unavailable", order)
        self.assert_hit("order_unavailable", order, unavailable_tags="gone,  sold OUT ")
        order._action_cancel()
        self.assert_no_hit("order_unavailable", order, unavailable_tags="sold out")

    def test_cancelled_transfers_say_unavailable(self):
        order = self._order(self.goods)
        order.picking_ids.action_cancel()
        self.assert_hit("order_unavailable", order)

    def test_one_transfer_that_goes_on_is_enough(self):
        order = self._order(self.goods)
        order.picking_ids.copy().move_ids.group_id = order.procurement_group_id
        order.picking_ids[0].action_cancel()
        self.assertEqual(len(order.picking_ids), 2)
        self.assert_no_hit("order_unavailable", order)

    def test_delivered_orders_are_available(self):
        order = self._order(self.goods)
        order.tag_ids = self.env.ref("exception_ecommerce.tag_unavailable")
        self.assert_hit("order_unavailable", order)
        self._done(order.picking_ids, NOW)
        self.assert_no_hit("order_unavailable", order)
