from odoo.tests import tagged

from odoo.addons.exception_core.tools.hits import HitRequest

from .common import NOW, EcommerceCommon


@tagged("post_install", "-at_install")
class TestGates(EcommerceCommon):
    """Gates hide nothing: every hit in the other tests is held against its gate by ``_hits``."""

    def test_each_query_has_a_gate(self):
        queries = self.env["exception.query"]
        request = HitRequest(self.env, NOW, {})
        detectors = self.env["exception.detector"].search([("state", "=", "enabled")])
        for detector in detectors.filtered("query"):
            self.assertTrue(queries._gate(detector.query, request), detector.query)

    def test_an_ordinary_order_opens_few_gates(self):
        order = self._order(self.goods)
        detectors = self.env["exception.detector"].search(
            [("model", "=", "sale.order"), ("source", "=", "query"), ("state", "=", "enabled")]
        )
        checks = detectors._pass_gates(NOW, [(detectors, order.ids)])
        self.assertEqual(sum(len(left) for left, _ids in checks), 0)
