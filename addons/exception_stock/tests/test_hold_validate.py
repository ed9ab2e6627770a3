from odoo.tests import Form, tagged

from .hold_common import StockHoldCommon


@tagged("post_install", "-at_install")
class TestHoldValidate(StockHoldCommon):
    """A held transfer is not validated, whoever tries it and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._hold(cls.picking, "validate", title="Wrong address")

    def test_every_kind_of_transfer_is_held(self):
        for kind in ("out_type_id", "in_type_id", "int_type_id"):
            with self.subTest(kind=kind):
                picking = self._create_ready(kind)
                self._hold(picking, "validate")
                self._rpc(self.worker, picking, "button_validate")
                self.assertEqual(picking.state, "assigned")

    def test_rpc_is_told_what_holds(self):
        answer = self._rpc(self.worker, self.picking, "button_validate")
        held = answer["params"]["exception_hold"]["held"]
        self.assertEqual([row["case_ids"] for row in held], [self.case.ids])
        self.assertIn("Wrong address", held[0]["why"][0])
        self.assertEqual(self.picking.state, "assigned")
        self.assertEqual(self.case.hold_refused_by, self.worker)

    def test_the_clean_of_a_batch_go_on(self):
        clean = self._create_ready() | self._create_ready()
        answer = self._rpc(self.worker, clean | self.picking, "button_validate")
        self.assertEqual(set(clean.mapped("state")), {"done"})
        self.assertEqual(self.picking.state, "assigned")
        self.assertEqual(answer["params"]["exception_hold"]["done"], clean.ids)

    def _short(self):
        """Return a transfer of which only a part is there."""
        picking = self._create_ready()
        picking.move_ids.product_uom_qty = 3
        picking.move_ids.quantity = 1
        return picking

    def _wizard(self, action):
        return Form(self.env[action["res_model"]].with_context(**action["context"])).save()

    def test_the_backorder_dialog_is_for_the_clean(self):
        clean = self._short()
        answer = self._rpc(self.worker, clean | self.picking, "button_validate")
        action = answer["params"]["next"]
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        self._wizard(action).process()
        self.assertEqual((clean.state, self.picking.state), ("done", "assigned"))

    def test_a_hold_that_comes_while_the_dialog_is_open(self):
        for verb in ("process", "process_cancel_backorder"):
            with self.subTest(verb=verb):
                picking = self._short()
                wizard = self._wizard(picking.button_validate())
                self._hold(picking, "validate")
                getattr(wizard, verb)()
                self.assertEqual(picking.state, "assigned")

    def test_a_draft_is_not_even_confirmed(self):
        picking = self._create_delivery()
        picking.do_unreserve()
        draft = picking.copy()
        self._hold(draft, "validate")
        self._rpc(self.worker, draft, "button_validate")
        self.assertEqual(draft.state, "draft")

    def test_finishing_the_moves_is_refused(self):
        moves = self.picking.move_ids
        moves.picked = True
        for finish in (moves._action_done, self.picking._action_done):
            with self._assert_refused(self.case.name):
                finish()
        self.assertNotEqual(moves.state, "done")

    def test_finishing_some_moves_together_with_clean_ones_is_refused(self):
        moves = self.picking.move_ids | self._create_ready().move_ids
        moves.picked = True
        with self._assert_refused("Wrong address"):
            moves._action_done()

    def test_writing_the_state_is_refused(self):
        for record in (self.picking, self.picking.move_ids):
            for user in (self.worker, self.env.ref("base.user_root")):
                with self._assert_refused(self.case.name):
                    self._rpc(user, record, "write", {"state": "done"})

    def test_a_move_that_is_born_done_is_refused(self):
        line = {
            "product_id": self.product.id,
            "quantity": 1,
            "location_id": self.picking.location_id.id,
            "location_dest_id": self.picking.location_dest_id.id,
        }
        move = {
            "name": "By the back door",
            "state": "done",
            "picking_id": self.picking.id,
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "location_id": self.picking.location_id.id,
            "location_dest_id": self.picking.location_dest_id.id,
            "move_line_ids": [(0, 0, line)],
        }
        with self._assert_refused(self.case.name):
            self.env["stock.move"].with_user(self.worker).create(move)

    def test_import_is_refused(self):
        result = (
            self.env["stock.picking"]
            .with_user(self.worker)
            .load([".id", "state"], [[str(self.picking.id), "done"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn(self.case.name, result["messages"][0]["message"])
        self.picking.invalidate_recordset()
        self.assertEqual(self.picking.state, "assigned")

    def test_scrapping_out_of_a_held_transfer_is_another_step(self):
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.product.id, "scrap_qty": 1, "picking_id": self.picking.id}
        )
        scrap.action_validate()
        self.assertEqual((scrap.state, self.picking.state), ("done", "assigned"))

    def test_the_end_of_the_case_frees_the_transfer(self):
        self.case.state = "resolved"
        self._rpc(self.worker, self.picking, "button_validate")
        self.assertEqual(self.picking.state, "done")

    def test_a_hold_of_another_step_does_not_hold(self):
        self.case.hold_step = "post"
        self._rpc(self.worker, self.picking, "button_validate")
        self.assertEqual(self.picking.state, "done")
