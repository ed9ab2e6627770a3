from odoo.tests import tagged

from .hold_common import StockHoldCommon

BAD = "[('origin', '=', 'BAD')]"


@tagged("post_install", "-at_install")
class TestHoldCheck(StockHoldCommon):
    """Detectors that hold are asked before the step; lifts cover the transfer as it was."""

    def test_what_is_found_during_the_step_holds(self):
        detector = self._holding_detector("stock.picking", BAD, "validate")
        self.picking.origin = "BAD"
        clean = self._create_ready()
        with self.trap_cases() as trap:
            self._rpc(self.worker, self.picking | clean, "button_validate")
        case = trap.assert_opened(1, record=self.picking)
        self.assertEqual((case.detector_id, case.hold_step), (detector, "validate"))
        self.assertEqual((self.picking.state, clean.state), ("assigned", "done"))

    def test_a_condition_on_the_state_after_the_step_holds_before_it(self):
        self._holding_detector(
            "stock.picking", "[('origin', '=', 'BAD'), ('state', '=', 'done')]", "validate"
        )
        self.picking.origin = "BAD"
        self._rpc(self.worker, self.picking, "button_validate")
        self.assertEqual(self.picking.state, "assigned")

    def test_what_was_put_right_goes_on(self):
        self._holding_detector("stock.picking", BAD, "validate")
        self.picking.origin = "BAD"
        self._rpc(self.worker, self.picking, "button_validate")
        self.picking.origin = "GOOD"
        self._rpc(self.worker, self.picking, "button_validate")
        self.assertEqual(self.picking.state, "done")

    def test_code_that_finishes_moves_is_checked_as_well(self):
        self._holding_detector("stock.picking", BAD, "validate")
        self.picking.origin = "BAD"
        self.picking.move_ids.picked = True
        with self._assert_refused(self.picking.name):
            self.picking.move_ids._action_done()

    def test_a_lift_survives_reservation_and_ends_with_more_goods(self):
        case = self._hold(self.picking, "validate")
        self._lift(case)
        self.picking.do_unreserve()
        self.picking.action_assign()
        self.assertFalse(self.picking._exception_holds("validate"))
        self.picking.move_ids.quantity = 5
        self.assertEqual(self.picking._exception_holds("validate"), case)

    def test_a_lift_ends_with_what_is_material(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        changes = {
            "partner": lambda picking: picking.write({"partner_id": other.id}),
            "address": lambda picking: picking.partner_id.write({"street": "Elsewhere 1"}),
            "demand": lambda picking: picking.move_ids.write({"product_uom_qty": 2}),
            "product": lambda picking: picking.move_ids.copy({"picking_id": picking.id}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                picking = self._create_ready()
                case = self._hold(picking, "validate")
                self._lift(case)
                self.assertFalse(picking._exception_holds("validate"))
                change(picking)
                self.assertEqual(picking._exception_holds("validate"), case)

    def _validate(self):
        picking = self._create_ready()
        count = self._count_statements(picking.with_user(self.worker).button_validate)
        self.assertEqual(picking.state, "done")
        return count

    def test_a_clean_transfer_costs_a_few_statements_more(self):
        self._validate()
        guarded = self._validate()
        self._free("stock.picking")
        plain = self._validate()
        self.assertLessEqual(guarded - plain, 3)

    def test_many_clean_transfers_cost_no_more_than_one(self):
        pickings = self.env["stock.picking"].browse(self._create_ready().id for _i in range(5))
        counts = []
        for some in (pickings[:1], pickings):
            some._exception_split("validate")
            before = self.cr.sql_log_count
            some._exception_split("validate")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
