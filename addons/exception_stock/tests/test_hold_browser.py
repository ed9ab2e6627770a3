from odoo.tests import HttpCase, tagged

from .hold_common import StockHoldCommon


@tagged("post_install", "-at_install")
class TestHoldBrowser(StockHoldCommon, HttpCase):
    """In the browser, a dialog answers."""

    browser_size = "1440,900"

    def setUp(self):
        super().setUp()
        self.authenticate(self.worker.login, self.worker.login)

    def test_the_button_answers_with_a_dialog(self):
        case = self._hold(self.picking, "validate", title="Wrong address")
        (why,) = self._shown(self._press(self.picking, "button_validate"))
        self.assertIn("Wrong address", why)
        self.assertIn(case.name, why)
        self.assertEqual(self.picking.state, "assigned")

    def test_check_availability_and_scrap_answer_with_a_dialog(self):
        picking = self._create_delivery()
        picking.do_unreserve()
        scrap = self.env["stock.scrap"].create({"product_id": self.product.id, "scrap_qty": 1})
        for record, step, method in (
            (picking, "reserve", "action_assign"),
            (scrap, "scrap", "action_validate"),
        ):
            self._hold(record, step)
            self.assertEqual(len(self._shown(self._press(record, method))), 1)

    def test_the_backorder_dialog_answers_with_a_dialog(self):
        self.picking.move_ids.product_uom_qty = 3
        self.picking.move_ids.quantity = 1
        action = self._press(self.picking, "button_validate")
        wizard = self.env[action["res_model"]].with_user(self.worker)
        wizard = wizard.with_context(**action["context"]).create({})
        self._hold(self.picking, "validate", title="Wrong address")
        answer = self._press(wizard, "process", action["context"])
        self.assertIn("Wrong address", self._shown(answer)[0])
        self.assertNotEqual(self.picking.state, "done")

    def test_a_batch_with_a_backorder_shows_both(self):
        clean = self._create_ready()
        clean.move_ids.product_uom_qty = 3
        clean.move_ids.quantity = 1
        case = self._hold(self.picking, "validate")
        answer = self._press(clean | self.picking, "button_validate")
        self._assert_told(answer, case)
        self.assertEqual(answer["params"]["next"]["res_model"], "stock.backorder.confirmation")

    def test_tour(self):
        self._hold(self.picking, "validate", title="Wrong address")
        url = f"/web#id={self.picking.id}&model=stock.picking&view_type=form"
        self.start_tour(url, "exception_hold_validate", login=self.worker.login)
        self.assertEqual(self.picking.state, "assigned")
