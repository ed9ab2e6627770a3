from odoo.tests import Form, tagged

from .common import StockExceptionCommon


@tagged("post_install", "-at_install")
class TestRecordCases(StockExceptionCommon):
    """What a transfer's form says about its open cases."""

    def test_banner_and_count(self):
        self._create_picking_case(title="Ready since Monday", severity="2")
        self._create_picking_case(title="Label is missing", severity="4")
        seen = self.picking.with_user(self.worker)
        self.assertEqual(seen.exception_case_count, 2)
        self.assertTrue(seen.exception_banner.startswith("Ready since Monday"))

    def test_resolved_case_takes_the_banner_away(self):
        case = self._create_picking_case()
        seen = self.picking.with_user(self.worker)
        self.assertTrue(seen.exception_banner)
        case.write({"state": "resolved", "outcome": "manual"})
        seen.invalidate_recordset()
        self.assertFalse(seen.exception_banner)
        self.assertEqual(seen.exception_case_count, 0)

    def test_filter_finds_transfers_with_open_cases(self):
        other = self._create_delivery()
        self._create_picking_case()
        found = (
            self.env["stock.picking"]
            .with_user(self.worker)
            .search([("id", "in", (self.picking | other).ids), ("exception_case_count", ">", 0)])
        )
        self.assertEqual(found, self.picking)

    def test_reported_case_joins_the_bundle(self):
        found = self._create_picking_case(severity="4")
        action = self.picking.with_user(self.worker).action_report_exception()
        wizard = self.env[action["res_model"]].with_user(self.worker)
        form = Form(wizard.with_context(**action["context"]))
        form.type_id = self.case_type
        form.severity = "1"
        case = self.env["exception.case"].browse(form.save().action_apply()["res_id"])
        self.assertEqual((case.res_model, case.res_id), ("stock.picking", self.picking.id))
        self.assertEqual(case.partner_id, self.partner)
        self.assertTrue(case.is_leading)
        self.assertEqual(case.bundle_size, 2)
        self.assertFalse(found.is_leading)

    def test_deleted_transfer_leaves_its_name_on_the_case(self):
        name = self.picking.name
        case = self._create_picking_case()
        self.picking.action_cancel()
        self.picking.unlink()
        self.assertEqual(case.res_name, name)
        self.assertFalse(case.record_exists)
