from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestJourneyTours(SaleExceptionCommon, HttpCase):
    """One order from the hold to the trail, by three people, each in their own browser."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["seller"] = cls.seller
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.chief = cls._create_user(
            "test_exception_chief", f"{sales},exception_core.group_manager", name="Tour chief"
        )
        cls.env["exception.approval.matrix"].search([]).write({"enabled": False})
        cls.env["exception.approval.matrix"].create(
            {
                "name": "Tour policy",
                "enabled": True,
                "level_ids": [
                    Command.create(
                        {"name": "Sales", "approver_user_ids": [Command.set(cls.chief.ids)]}
                    )
                ],
            }
        )
        # the order is a colleague's, so that the seller is stopped by what others made
        cls.case = cls._create_order_case(hold_step="confirm", title="Price below cost")

    def test_stopped_asked_approved_confirmed_read_and_verified(self):
        url = f"/web#model=sale.order&view_type=form&id={self.order.id}"
        self.start_tour(url, "exception_journey_ask", login=self.seller.login)
        approval = self.case.approval_ids
        self.assertEqual((approval.state, approval.requested_by), ("pending", self.seller))
        self.assertEqual((self.order.state, self.case.state), ("draft", "approval"))

        self.start_tour("/web", "exception_journey_approve", login=self.chief.login)
        self.assertEqual((approval.state, self.order.state), ("executed", "sale"))
        self.assertEqual(approval.step_ids.decision_ids.way, "activity")
        # nobody has pressed Confirm: the approval has
        self.assertEqual(self.case.lift_ids.approval_id, approval)

        self.env["exception.audit.entry"]._seal()
        url = f"/web#model=exception.case&view_type=form&id={self.case.id}"
        self.start_tour(url, "exception_journey_audit", login=self.user_auditor.login)
        check = self.env["exception.audit.check"].search([], limit=1)
        self.assertEqual((check.state, check.user_id), ("whole", self.user_auditor))
