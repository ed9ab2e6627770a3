from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDetectorJourney(HttpCase):
    """An administrator writes a detector without code; a salesperson's next edit opens a case."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            "journey_admin",
            groups="exception_core.group_admin,sales_team.group_sale_salesman_all_leads",
            name="Journey admin",
        )
        cls.seller = new_test_user(
            cls.env,
            "journey_seller",
            groups="exception_core.group_user,sales_team.group_sale_salesman_all_leads",
            name="Journey seller",
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Journey lamp", "list_price": 100.0, "taxes_id": False}
        )
        # totals of 200, 2,000 and 6,000
        cls.small, cls.middle, cls.large = (cls._order(quantity) for quantity in (2, 20, 60))

    @classmethod
    def _order(cls, quantity):
        line = {"product_id": cls.product.id, "product_uom_qty": quantity}
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Journey customer"}).id,
                "client_order_ref": "TOUR",
                "user_id": cls.seller.id,
                "order_line": [(0, 0, line)],
            }
        )

    def _cases(self):
        return self.env["exception.case"].search(
            [("detector_id.name", "=", "Tour: quotation over the limit")]
        )

    def test_from_a_condition_to_a_case(self):
        self.start_tour("/web", "exception_detector_journey", login="journey_admin")
        detector = self.env["exception.detector"].search(
            [("name", "=", "Tour: quotation over the limit")]
        )
        self.assertEqual((detector.state, detector.cadence), ("enabled", "realtime"))
        self.assertEqual(detector.parameter_ids.value, "1000")
        self.assertIn("max_total", detector.domain, "the name is kept, not its value")
        self.assertFalse(self._cases(), "trying and enabling opens nothing")
        url = f"/web#id={self.small.id}&model=sale.order&view_type=form"
        self.start_tour(url, "exception_salesperson_journey", login="journey_seller")
        case = self._cases()
        self.assertEqual((case.res_model, case.res_id), ("sale.order", self.small.id))
        self.assertEqual(case.amount, 5000)
        self.assertTrue(case.is_open)
        self.start_tour(url, "exception_salesperson_sees", login="journey_seller")
