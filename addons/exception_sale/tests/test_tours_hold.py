from odoo.tests import HttpCase, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldTours(SaleExceptionCommon, HttpCase):
    """A salesperson is stopped by a hold; somebody entitled lifts it, and the order confirms."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.chief = cls._create_user(
            "test_exception_chief", f"{sales},exception_core.group_manager"
        )
        cls.case = cls._create_order_case(hold_step="confirm", title="Price below cost")

    def _tour(self, name, user):
        url = f"/web#model=sale.order&view_type=form&id={self.order.id}"
        self.start_tour(url, name, login=user.login)

    def test_a_salesperson_is_stopped(self):
        self._tour("exception_hold_stopped", self.seller)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.case.hold_refused_by, self.seller)

    def test_the_entitled_lift_it_and_go_on(self):
        self._tour("exception_hold_lifted", self.chief)
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.case.lift_ids.user_id, self.chief)
        self.assertEqual(self.case.lift_ids.note, "Agreed with the customer")
