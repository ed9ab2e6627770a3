from odoo.tests import tagged

from .common import EcommerceCommon

# What a save may pay for all real-time detectors together, over plain Odoo (benchmarks/).
PROMISED = 16


@tagged("post_install", "-at_install")
class TestConfirmCost(EcommerceCommon):
    """Statements are counted here, since they do not vary; time is measured by make bench."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["base.automation"]
        # the patches are the process's: leave them as a server has them
        cls.addClassCleanup(cls._switch, True)

    @classmethod
    def _switch(cls, enabled):
        """Put the patches of all collecting rules on, or leave plain Odoo."""
        cls.rules._unregister_hook()
        if enabled:
            cls.rules._register_hook()

    def _statements(self, enabled, act):
        self._switch(enabled)
        customer = self.env["res.partner"].create({"name": "Buyer"})
        order = self._order(self.goods, confirm=False, partner_id=customer.id)
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act(order)
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _cost(self, act):
        """Return the statements that the detectors add; both ways run once to warm the caches."""
        for enabled in (True, False):
            self._statements(enabled, act)
        return self._statements(True, act) - self._statements(False, act)

    def test_enough_detectors_are_on(self):
        detectors = self.env["exception.detector"]
        self.assertGreaterEqual(len(detectors._realtime_ids("sale.order")), 8)
        self.assertGreaterEqual(len(detectors._realtime_ids("stock.picking")), 4)

    def test_confirming_a_clean_order(self):
        self.assertLessEqual(self._cost(lambda order: order.action_confirm()), PROMISED)

    def test_saving_a_clean_order(self):
        def save(order):
            order.order_line.product_uom_qty = 7

        self.assertLessEqual(self._cost(save), PROMISED)
