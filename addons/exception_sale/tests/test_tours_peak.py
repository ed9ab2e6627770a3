from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPeakTour(HttpCase):
    """Peak mode from the request to the list of what passed, by four people."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        """Make people, a detector that holds large orders, and an order."""
        super().setUpClass()
        manager = "exception_core.group_manager"
        for login, groups in [
            ("peak_asker", manager),
            ("peak_agrees", manager),
            ("peak_seller", "sales_team.group_sale_salesman_all_leads,exception_core.group_user"),
        ]:
            name = f"Tour {login}"
            new_test_user(cls.env, login, groups=groups, name=name, tz="UTC")
        product = cls.env["product.product"].create({"name": "Peak table", "list_price": 900})
        partner = cls.env["res.partner"].create({"name": "Peak customer"})
        cls.order = cls.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, {"product_id": product.id})]}
        )
        cls.detector = cls.env["exception.detector"].create(
            {
                "name": "Tour: large orders",
                "model_id": cls.env["ir.model"]._get("sale.order").id,
                "type_id": cls.env.ref("exception_core.type_paid_not_shipped").id,
                "domain": f"[('id', '=', {cls.order.id}), ('state', '=', 'sale')]",
                "amount_field": "amount_total",
                "holds": True,
                "hold_step": "confirm",
            }
        )
        cls.detector.action_enable()

    def test_on_orders_pass_ended_list(self):
        order_url = f"/web#id={self.order.id}&model=sale.order&view_type=form"
        self.start_tour("/web", "exception_peak_ask", login="peak_asker")
        peak = self.env["exception.peak"].search([("name", "=", "Tour: Black Friday")])
        self.assertEqual(peak.state, "requested")
        self.start_tour("/web", "exception_peak_agree", login="peak_agrees")
        peak.invalidate_recordset()
        self.assertEqual(peak.agreed_by_id.login, "peak_agrees")
        self.start_tour("/web", "exception_peak_banner", login="peak_seller")
        self.start_tour(order_url, "exception_peak_confirm", login="peak_seller")
        self.assertEqual(self.order.state, "sale")
        self.start_tour("/web", "exception_peak_end", login="peak_asker")
        peak.invalidate_recordset()
        self.assertEqual((peak.state, peak.passed_ids.res_id), ("ended", self.order.id))
