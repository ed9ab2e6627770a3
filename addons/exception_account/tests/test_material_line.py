from odoo import Command
from odoo.tests import tagged

from .common import AccountExceptionCommon


@tagged("post_install", "-at_install")
class TestInvoiceLines(AccountExceptionCommon):
    """Who changes a line of a bill has changed the bill: they do not approve it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls._create_invoice("in_invoice")
        cls.line = cls.document.invoice_line_ids

    def _editors(self):
        return self.env["exception.approval.edit"]._changers(self.document)[self.document.id]

    def test_who_changed_a_price_stays_known(self):
        self.line.with_user(self.bookkeeper).write({"price_unit": 1.0})
        # a technical user after them does not hide them
        self.line.write({"price_unit": 2.0})
        self.assertIn(self.bookkeeper.id, self._editors())

    def test_who_changed_it_through_the_document(self):
        self.document.with_user(self.bookkeeper).write(
            {"invoice_line_ids": [Command.update(self.line.id, {"price_unit": 3.0})]}
        )
        self.assertIn(self.bookkeeper.id, self._editors())

    def test_who_added_and_who_deleted_a_line(self):
        values = {"product_id": self.product.id, "price_unit": 1.0}
        line = Command.create(values)
        self.document.with_user(self.bookkeeper).write({"invoice_line_ids": [line]})
        self.assertIn(self.bookkeeper.id, self._editors())
        added = self.document.invoice_line_ids - self.line
        added.with_user(self.plain_bookkeeper).unlink()
        self.assertIn(self.plain_bookkeeper.id, self._editors())

    def test_what_is_not_material_does_not_count(self):
        self.line.with_user(self.bookkeeper).write({"analytic_distribution": False})
        self.document.with_user(self.bookkeeper).action_post()
        self.env.flush_all()
        self.assertNotIn(self.bookkeeper.id, self._editors())

    def test_a_change_ends_a_lifted_hold(self):
        case = self._create_case(
            res_model=self.document._name, res_id=self.document.id, hold_step="post"
        )
        case._lift(self.env.ref("exception_core.reason_override_manager_decision"))
        self.assertFalse(self.document._exception_holds("post"))
        self.line.with_user(self.bookkeeper).write({"price_unit": 4.0})
        self.assertEqual(self.document._exception_holds("post"), case)
