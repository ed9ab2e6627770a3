from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestTier(SaleExceptionCommon):
    """What customers ordered makes their tier; what orders promise is on the case."""

    def _sell(self, price, **overrides):
        line = {"product_id": self.product.id, "price_unit": price}
        order = self._create_order(order_line=[Command.create(line)], **overrides)
        order.action_confirm()
        return order

    def _revenue(self, partner=None):
        self.env["exception.partner.tier"]._cron_recompute()
        self.env.invalidate_all()
        return (partner or self.partner).exception_tier_ids.revenue

    def test_confirmed_orders_of_a_year_count(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.partner.id})
        self._sell(20000)
        self._sell(6000, partner_id=contact.id)
        old = self._sell(90000)
        old.date_order = fields.Datetime.now() - timedelta(days=400)
        self._create_order()
        self.assertEqual(self._revenue(), 26000)
        self.assertEqual(self.partner.exception_tier_id.code, "silver")
        self.assertEqual(contact.exception_tier_id.code, "silver")

    def test_orders_in_another_currency(self):
        foreign = self.env["res.currency"].with_context(active_test=False)
        foreign = foreign.search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        foreign.active = True
        foreign.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2020-01-01", "rate": 4.0}
        )
        values = {"name": "Abroad", "currency_id": foreign.id}
        pricelist = self.env["product.pricelist"].create(values)
        self._sell(24000, pricelist_id=pricelist.id)
        self.env.flush_all()
        # a later rate does not change what was sold
        foreign.rate_ids.rate = 8.0
        self.assertAlmostEqual(self._revenue(), 6000, 2)

    def test_the_case_knows_what_the_order_promised(self):
        moment = datetime(2030, 1, 2, 10)
        self.assertFalse(self._create_order_case().promised_at)
        self.product.sale_delay = 3
        order = self._sell(10)
        due = order.date_order + timedelta(days=3)
        self.assertEqual(self._create_order_case(order).promised_at, due)
        order.commitment_date = moment
        self.assertEqual(self._create_order_case(order).promised_at, moment)
