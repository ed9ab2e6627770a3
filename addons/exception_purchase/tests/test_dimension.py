from odoo.tests import Form, tagged

from .common import PurchaseExceptionCommon


@tagged("post_install", "-at_install")
class TestDimension(PurchaseExceptionCommon):
    """The supplier reaches the case from a hit or the order; cases are found by it."""

    def _open(self, **hit):
        values = {
            "type_id": self.case_type.id,
            "res_model": "purchase.order",
            "res_id": self.order.id,
            "company_id": self.order.company_id.id,
        }
        return self.env["exception.case"]._open_batch([{**values, **hit}])

    def test_hit_fills_the_supplier(self):
        case = self._open(supplier_id=self.supplier.id)
        self.assertEqual(case.supplier_id, self.supplier)
        groups = self.env["exception.case"]._read_group(
            [("supplier_id", "=", self.supplier.id)], ["supplier_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.supplier, 1)])

    def test_hit_without_supplier_is_no_error(self):
        self.assertFalse(self._open(supplier_id=None).supplier_id)

    def test_reported_case_knows_the_supplier(self):
        action = self.order.with_user(self.buyer).action_report_exception()
        wizard = self.env[action["res_model"]].with_user(self.buyer)
        form = Form(wizard.with_context(**action["context"]))
        form.type_id = self.case_type
        case = self.env["exception.case"].browse(form.save().action_apply()["res_id"])
        self.assertEqual((case.res_model, case.res_id), ("purchase.order", self.order.id))
        self.assertEqual((case.supplier_id, case.partner_id), (self.supplier, self.supplier))
        self.assertEqual(case.amount, self.order.amount_total)

    def test_agent_sets_the_supplier_by_hand(self):
        case = self._create_purchase_case()
        case.with_user(self.user_agent).write({"supplier_id": self.supplier.id})
        self.assertEqual(case.supplier_id, self.supplier)

    def test_cases_with_one_supplier_are_related(self):
        other = self._create_purchase(partner_id=self.partner.id)
        cases = self._open(supplier_id=self.supplier.id)
        cases |= self._open(res_id=other.id, supplier_id=self.supplier.id)
        self.assertIn(cases[1], cases[0].related_case_ids)

    def test_merged_supplier_stays_on_the_case(self):
        twin = self.env["res.partner"].create({"name": "Oak and Sons"})
        case = self._open(supplier_id=twin.id)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((twin | self.supplier).ids, self.supplier)
        case.invalidate_recordset()
        self.assertEqual(case.supplier_id, self.supplier)

    def test_deleted_supplier_leaves_the_case(self):
        supplier = self.env["res.partner"].create({"name": "Sample"})
        case = self._open(supplier_id=supplier.id)
        supplier.unlink()
        self.assertTrue(case.exists())
        self.assertFalse(case.supplier_id)
