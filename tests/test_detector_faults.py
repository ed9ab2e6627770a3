"""A broken, a slow and a raising detector against saving and confirming a real order."""

import time
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.exception_core.tests.common import ExceptionCommon
from odoo.addons.exception_core.tools.released import released_query

LOGGER = "odoo.addons.exception_core.models.exception_detector_realtime"


@released_query("test_slow", model="sale.order", title="Slow")
def _query_test_slow(self, request):
    return SQL(
        "SELECT o.id AS res_id, o.company_id FROM sale_order o"
        " WHERE (SELECT TRUE FROM pg_sleep(30))"
    )


@released_query("test_raising", model="sale.order", title="Raising")
def _query_test_raising(self, request):
    if request.params.get("armed"):
        raise ZeroDivisionError("this query raises")
    return SQL("SELECT o.id AS res_id, o.company_id FROM sale_order o")


@released_query("test_broken", model="sale.order", title="Broken")
def _query_test_broken(self, request):
    if request.params.get("armed"):
        return SQL("SELECT o.id AS res_id, o.company_id FROM sale_order o WHERE o.no_such_column")
    return SQL("SELECT o.id AS res_id, o.company_id FROM sale_order o")


@tagged("post_install", "-at_install")
class TestDetectorFaults(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        queries = type(cls.env["exception.query"])
        for method in (_query_test_slow, _query_test_raising, _query_test_broken):
            patcher = patch.object(queries, method.__name__, method, create=True)
            patcher.start()
            cls.addClassCleanup(patcher.stop)
        cls.env.registry.clear_cache()
        cls.addClassCleanup(cls.env.registry.clear_cache)
        cls.good = cls._order_detector("Good", source="domain", domain="[('state', '=', 'sale')]")
        cls._watch_saves()
        cls.product = cls.env["product.product"].create({"name": "Lamp", "list_price": 50.0})
        cls.customer = cls.env["res.partner"].create({"name": "Azure Interior"})

    @classmethod
    def _order_detector(cls, name, **values):
        root = cls.env["ir.model"]._get("sale.order")
        detector = cls._create_detector(
            name=name,
            model="sale.order",
            cadence="realtime",
            trigger_ids=[(0, 0, {"model_id": root.id})],
            **values,
        )
        detector.action_enable()
        return detector

    def _order(self):
        line = {"product_id": self.product.id, "product_uom_qty": 2}
        values = {"partner_id": self.customer.id, "order_line": [(0, 0, line)]}
        return self.env["sale.order"].create(values)

    def _confirm_under(self, detector):
        """Arm a detector, save and confirm an order, and return it."""
        detector.parameter_ids.value = "1"
        self.env.flush_all()
        started = time.monotonic()
        order = self._order()
        self.env.cr.flush()
        order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(order.state, "sale", "the order is confirmed whatever the detector does")
        opened = self.env["exception.case"].search(
            [("detector_id", "=", self.good.id), ("res_id", "=", order.id)]
        )
        self.assertEqual(len(opened), 1, "the other detectors of the model still work")
        return time.monotonic() - started

    def _armed(self):
        return [(0, 0, {"name": "armed", "label": "Armed", "value": "0"})]

    @mute_logger("odoo.sql_db", LOGGER)
    def test_a_raising_detector(self):
        detector = self._order_detector(
            "Raising", source="query", query="test_raising", parameter_ids=self._armed()
        )
        self._confirm_under(detector)
        self.assertIn("failed", detector.run_ids.mapped("state"))
        self.assertIn("this query raises", detector.run_ids[:1].error)

    @mute_logger("odoo.sql_db", LOGGER)
    def test_a_broken_detector(self):
        detector = self._order_detector(
            "Broken", source="query", query="test_broken", parameter_ids=self._armed()
        )
        self._confirm_under(detector)
        self.assertIn("no_such_column", detector.run_ids[:1].error)

    @mute_logger("odoo.sql_db", LOGGER)
    def test_a_slow_detector_is_cut_off(self):
        detector = self._order_detector(
            "Slow", source="query", query="test_slow", parameter_ids=self._armed()
        )
        self._confirm_under(detector)
        self.assertIn("timeout", detector.run_ids.mapped("state"))
        limit = self.env.cr.execute("SHOW statement_timeout") or self.env.cr.fetchone()[0]
        self.assertEqual(limit, "0", "the user's transaction has its own limits back")
