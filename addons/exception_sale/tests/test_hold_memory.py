from odoo.tests import tagged

from .common import SaleExceptionCommon


@tagged("post_install", "-at_install")
class TestHoldMemory(SaleExceptionCommon):
    """What a transaction remembers about holds never lets a held order go on."""

    def setUp(self):
        super().setUp()
        # a transaction of its own: nothing was written about cases yet
        self.env.cr.postrollback.data.clear()
        self.cases = self.env["exception.case"].sudo()

    def _held(self, order=None):
        return (order or self.order)._exception_holding("confirm")

    def test_what_is_free_is_not_asked_again(self):
        self.cases._note_free("sale.order", self.order.ids)
        with self.assertQueryCount(0):
            self.assertFalse(self._held())

    def test_a_new_order_is_free(self):
        order = self._create_order()
        with self.assertQueryCount(0):
            self.assertFalse(self._held(order))

    def test_a_case_that_is_opened_meanwhile_holds(self):
        self.cases._note_free("sale.order", self.order.ids)
        self._create_order_case(hold_step="confirm")
        self.assertTrue(self._held())

    def test_a_case_that_is_changed_meanwhile_holds(self):
        case = self._create_order_case()
        self.env.cr.postrollback.data.clear()
        self.cases._note_free("sale.order", self.order.ids)
        case.sudo().write({"hold_step": "confirm"})
        self.assertTrue(self._held())

    def test_what_a_savepoint_takes_back_holds_again(self):
        case = self._create_order_case(hold_step="confirm")
        self.env.cr.postrollback.data.clear()
        savepoint = self.env.cr.savepoint(flush=False)
        with savepoint:
            case.sudo().write({"hold_step": False})
            self.assertFalse(self._held())
            self.cases._note_free("sale.order", self.order.ids)
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertTrue(self._held())

    def test_confirming_remembers(self):
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        free = self.env.cr.postrollback.data["exception_core.without_hold"]
        self.assertIn(self.order.id, free.get("sale.order", ()))
