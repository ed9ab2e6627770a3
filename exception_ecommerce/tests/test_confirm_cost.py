from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .common import EcommerceCommon

# What a save may pay for all real-time detectors and guards together, over plain Odoo
# (benchmarks/), what the order's guard may of that, and what that of the transfer it makes adds.
PROMISED = 16
GUARDS = 4
TRANSFER = 1
# As shipped.
HOLDING = {
    "payment_mismatch": "confirm",
    "order_duplicate": "confirm",
    "order_without_lines": "confirm",
    "data_missing_dimensions": "reserve",
}


@tagged("post_install", "-at_install")
class TestConfirmCost(EcommerceCommon):
    """Statements are counted here, since they do not vary; time is measured by make bench."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["base.automation"]
        for code, step in HOLDING.items():
            # sudo: a change of what holds may need a second person
            cls._hold(cls.env.ref(f"exception_ecommerce.detector_{code}").sudo(), step)
        # the patches are the process's: leave them as a server has them
        cls.addClassCleanup(cls._switch, True)

    @classmethod
    def _hold(cls, detector, step):
        detector.write({"holds": True, "hold_step": step})

    @classmethod
    def _switch(cls, enabled):
        """Put the patches of all collecting rules on, or leave plain Odoo."""
        cls.rules._unregister_hook()
        if enabled:
            cls.rules._register_hook()

    @contextmanager
    def _without_guards(self):
        """Let documents take their steps unasked, as without this suite."""
        with ExitStack() as stack:
            for model in self.env.registry.values():
                if hasattr(model, "_exception_steps"):
                    stack.enter_context(patch.object(model, "_exception_steps", lambda self: {}))
            yield

    def _statements(self, enabled, act, guards=None):
        self._switch(enabled)
        if not (enabled if guards is None else guards):
            with self._without_guards():
                return self._count(act)
        return self._count(act)

    def _count(self, act):
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

    def test_what_the_guard_adds_to_confirming(self):
        def confirm(order):
            order.action_confirm()

        for guards in (True, False):
            self._statements(True, confirm, guards)
        costs = [self._statements(True, confirm, guards) for guards in (True, False)]
        self.assertLessEqual(costs[0] - costs[1], GUARDS + TRANSFER)

    def test_saving_a_clean_order(self):
        def save(order):
            order.order_line.product_uom_qty = 7

        self.assertLessEqual(self._cost(save), PROMISED)
