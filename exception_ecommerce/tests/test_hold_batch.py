from odoo.tests import tagged

from .common import EcommerceCommon

ORDERS, HELD = 200, 20


@tagged("post_install", "-at_install")
class TestHoldBatch(EcommerceCommon):
    """Confirming many orders at once: the held ones stay, the others go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.empty = cls.env.ref("exception_ecommerce.detector_order_without_lines")
        # whatever the shop has chosen, here this one holds
        cls.empty.sudo().write({"holds": True, "hold_step": "confirm"})
        cls.env.flush_all()

    def _orders(self, count, held):
        customers = self.env["res.partner"].create([{"name": f"Buyer {n}"} for n in range(count)])
        line = [(0, 0, {"product_id": self.service.id})]
        values = [
            {"partner_id": customer.id, "order_line": [] if number < held else line}
            for number, customer in enumerate(customers)
        ]
        orders = self.env["sale.order"].create(values)
        self.env.cr.flush()
        self.env.invalidate_all()
        return orders

    def _confirm(self, orders):
        """Confirm and return (answer, statements)."""
        before = self.env.cr.sql_log_count
        answer = orders.action_confirm()
        self.env.cr.flush()
        return answer, self.env.cr.sql_log_count - before

    def test_two_hundred_orders_of_which_twenty_are_held(self):
        orders = self._orders(ORDERS, HELD)
        with self.trap_cases() as trap:
            answer, _statements = self._confirm(orders)
        self.assertEqual(orders.mapped("state").count("sale"), ORDERS - HELD)
        cases = trap.opened.filtered(lambda case: case.detector_id == self.empty)
        self.assertEqual(len(cases), HELD)
        self.assertEqual(set(cases.mapped("hold_step")), {"confirm"})
        told = answer["params"]["exception_hold"]
        self.assertEqual(len(told["done"]), ORDERS - HELD)
        self.assertEqual({row["id"] for row in told["held"]}, set(cases.mapped("res_id")))

    def test_statements_grow_with_the_orders_and_not_faster(self):
        for count in (20, 40):  # caches of both sizes
            self._confirm(self._orders(count, count // 10))
        few = self._confirm(self._orders(50, 5))[1]
        some = self._confirm(self._orders(100, 10))[1]
        many = self._confirm(self._orders(ORDERS, HELD))[1]
        # the second hundred costs no more than twice the second fifty, with some room for caches
        self.assertLessEqual(many - some, 2 * (some - few) + 40)

    def test_what_the_held_ones_add(self):
        """Twenty held among clean ones cost a fixed number of statements, not some for each."""
        for count in (20, 40):
            self._confirm(self._orders(count, count // 10))
        one = self._confirm(self._orders(30, 1))[1]
        twenty = self._confirm(self._orders(49, 20))[1]
        self.assertLessEqual(abs(twenty - one), 40)
