from odoo import Command
from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestSaleApproval(SaleExceptionCommon):
    """Orders say who changed them, what they earn, and what of them was approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = "exception_core.group_approver,sales_team.group_sale_salesman_all_leads"
        cls.finance = cls._create_user("test_sale_finance", roles)
        cls.director = cls._create_user("test_sale_director", roles)
        cls.env["exception.approval.matrix"].search([]).write({"enabled": False})
        cls.matrix = cls.env["exception.approval.matrix"].create(
            {
                "name": "Test policy",
                "enabled": True,
                "level_ids": [
                    Command.create(
                        {
                            "name": "Level",
                            "approver_user_ids": [Command.set((cls.finance | cls.director).ids)],
                        }
                    )
                ],
            }
        )
        cls.line = cls.order.order_line

    def _ask(self, order=None):
        case = self._create_order_case(order)
        approvals = self.env["exception.approval"].with_user(self.user_agent)
        return approvals._request(case.with_user(self.user_agent), None, "Please").sudo()

    def _left_out(self, words, order=None):
        approval = self._ask(order)
        self.assertEqual(approval.approver_ids, self.director)
        self.assertRegex(approval.step_ids.left_out, words)

    def test_everybody_may_without_a_part_in_it(self):
        self.assertEqual(self._ask().approver_ids, self.finance | self.director)

    def test_who_changed_a_price(self):
        self.line.with_user(self.finance).write({"price_unit": 1.0})
        # a technical user after them does not hide them
        self.order.write({"note": "Synchronised"})
        self.line.write({"price_unit": 2.0})
        self._left_out("changed what is to be approved")

    def test_who_changed_it_through_the_order(self):
        self.order.with_user(self.finance).write(
            {"order_line": [Command.update(self.line.id, {"discount": 50.0})]}
        )
        self.line.write({"discount": 49.0})
        self._left_out("changed what is to be approved")

    def test_who_added_or_deleted_a_line(self):
        lines = self.env["sale.order.line"].with_user(self.finance)
        line = lines.create({"order_id": self.order.id, "product_id": self.product.id})
        line.sudo().unlink()
        self._left_out("changed what is to be approved")

    def test_other_changes_do_not_count(self):
        self.order.with_user(self.finance).write({"client_order_ref": "PO 7"})
        self.assertIn(self.finance, self._ask().approver_ids)

    def test_salesperson_and_maker(self):
        self.order.user_id = self.finance
        self._left_out("is responsible")
        mine = self._create_order(user_id=False)
        self.env.cr.execute(
            "UPDATE sale_order SET create_uid = %s WHERE id = %s", (self.finance.id, mine.id)
        )
        mine.invalidate_recordset()
        self._left_out("made the document", mine)

    def test_whose_web_order_it_is(self):
        order = self._create_order(partner_id=self.finance.partner_id.id, user_id=False)
        self._left_out("made the document", order)

    def test_a_changed_order_is_asked_about_again(self):
        approval = self._ask()
        self.line.price_unit = 10.0
        answer = approval.with_user(self.finance).approve()
        self.assertEqual((answer["state"], approval.state), ("stale", "stale"))
        self.assertFalse(approval.step_ids.decision_ids)
        again = approval.case_id.approval_ids - approval
        self.assertEqual(again.state, "pending")
        # whoever changes nothing material is not asked twice
        self.order.client_order_ref = "PO 8"
        again.with_user(self.director).approve()
        self.assertEqual(again.state, "approved")

    def test_margins(self):
        self.product.standard_price = 800.0
        self.line.write({"price_unit": 1000.0, "discount": 12.0, "tax_id": [Command.clear()]})
        approval = self._ask()
        self.assertTrue(approval.has_margin)
        self.assertAlmostEqual(approval.margin_before, 200.0, 2)
        self.assertAlmostEqual(approval.margin_after, 80.0, 2)
        self.matrix.level_ids.margin_loss_percent = 61.0
        self.assertEqual(self._ask().state, "blocked")
        self.matrix.level_ids.margin_loss_percent = 60.0
        self.assertEqual(self._ask().state, "pending")

    def test_product_categories(self):
        furniture = self.env["product.category"].create({"name": "Furniture"})
        model = self.env["ir.model"]._get("sale.order")
        domain = [("order_line.product_id.categ_id", "child_of", furniture.id)]
        self.matrix.write({"model_id": model.id, "record_domain": str(domain)})
        self.assertEqual(self._ask().state, "blocked")
        self.product.categ_id = furniture
        self.assertEqual(self._ask().state, "pending")
