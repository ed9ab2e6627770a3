from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, EcommerceCommon

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestTransfer(EcommerceCommon):
    """Transfers that stand still."""

    def _picking(self, product=None, **overrides):
        order = self._order(product or self.goods, ago=20 * DAY, **overrides)
        return order.picking_ids

    def test_ready_but_not_confirmed(self):
        picking = self._picking()
        self.assertEqual(picking.state, "assigned")
        picking.scheduled_date = NOW - DAY
        self.assert_no_hit("shipment_unconfirmed", picking)
        hit = self.assert_hit("shipment_unconfirmed", picking, now=NOW + SECOND)
        self.assertEqual(hit["amount"], 50)
        self.assertEqual(hit["facts"]["source_document"], picking.sale_id.name)
        self.assert_no_hit("pick_short", picking)
        self._done(picking)
        self.assert_no_hit("shipment_unconfirmed", picking, now=NOW + DAY)

    def test_a_transfer_inside_the_house_is_no_shipment(self):
        picking = self._picking()
        picking.scheduled_date = NOW - 5 * DAY
        output = picking.picking_type_id.warehouse_id.wh_output_stock_loc_id
        picking.location_dest_id = output
        self.assert_no_hit("shipment_unconfirmed", picking)

    def test_not_enough_in_stock(self):
        stored = self._create_product("Stored", detailed_type="product")
        picking = self._picking(stored, quantity=3)
        picking.scheduled_date = NOW - HOUR
        self.assertEqual(picking.state, "confirmed")
        hit = self.assert_hit("pick_short", picking)
        self.assertEqual((hit["facts"]["short"], hit["product_id"]), (3, stored.id))
        self.assert_no_hit("pick_short", picking, tolerance_hours=1)
        self.env["stock.quant"]._update_available_quantity(stored, picking.location_id, 2)
        picking.action_assign()
        self.assertEqual(picking.move_ids.state, "partially_available")
        self.assertEqual(self.assert_hit("pick_short", picking)["facts"]["short"], 1)
        self.assert_no_hit("shipment_unconfirmed", picking, now=NOW + 9 * DAY)
        self.env["stock.quant"]._update_available_quantity(stored, picking.location_id, 1)
        picking.action_assign()
        self.assert_no_hit("pick_short", picking)

    def test_in_transit_for_too_long(self):
        picking = self._picking()
        picking.scheduled_date = NOW - DAY
        self.assert_no_hit("transfer_in_transit_late", picking, now=NOW + DAY)
        transit = self.env["stock.location"].create({"name": "Carrier", "usage": "transit"})
        picking.location_id = transit
        self.assert_no_hit("transfer_in_transit_late", picking)
        self.assert_hit("transfer_in_transit_late", picking, now=NOW + SECOND)
        self.assert_no_hit("shipment_unconfirmed", picking, now=NOW + DAY)
        self._done(picking)
        self.assert_no_hit("transfer_in_transit_late", picking, now=NOW + DAY)

    def test_an_old_backorder(self):
        picking = self._picking(quantity=3)
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        picking.date_done = NOW - 7 * DAY
        backorder = picking.backorder_ids
        self.assert_no_hit("backorder_aged", backorder | picking)
        hit = self.assert_hit("backorder_aged", backorder, now=NOW + SECOND)
        self.assertEqual(hit["facts"]["first_part"], picking.name)
        self.assertEqual(hit["facts"]["days_open"], 7)
        self._done(backorder)
        self.assert_no_hit("backorder_aged", backorder, now=NOW + SECOND)
