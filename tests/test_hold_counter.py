"""A held order is settled at the point of sale, by the way that the till takes to the server."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestHoldCounter(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        if not company.chart_template:
            # what the till takes is booked
            charts = cls.env["account.chart.template"]
            charts.try_loading("generic_coa", company, install_demo=False)
        cls.table = cls.env["product.product"].create(
            {"name": "Oak table", "type": "product", "list_price": 90, "taxes_id": False}
        )
        cls.buyer = cls.env["res.partner"].create({"name": "Buyer"})
        cls.cash = cls._cash()
        cls.till = cls.env["pos.config"].create(
            {"name": "Till", "payment_method_ids": [Command.set(cls.cash.ids)]}
        )
        cls.till.open_ui()
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.buyer.id,
                "order_line": [Command.create({"product_id": cls.table.id, "product_uom_qty": 3})],
            }
        )

    @classmethod
    def _cash(cls):
        journal = cls.env["account.journal"].create(
            {"name": "Till", "type": "cash", "code": "TILL"}
        )
        return cls.env["pos.payment.method"].create({"name": "Cash", "journal_id": journal.id})

    def _hold(self):
        return self.env["exception.case"].create(
            {
                "title": "Ordered twice",
                "type_id": self.env.ref("exception_core.type_order_duplicate").id,
                "res_model": "sale.order",
                "res_id": self.order.id,
                "hold_step": "confirm",
            }
        )

    def _settle(self, quantity=3):
        """Send what the till sends when an order of the desk is settled there."""
        total = 90 * quantity
        line = {
            "id": 1,
            "product_id": self.table.id,
            "qty": quantity,
            "price_unit": 90,
            "price_subtotal": total,
            "price_subtotal_incl": total,
            "discount": 0,
            "tax_ids": [Command.set([])],
            "pack_lot_ids": [],
            "sale_order_origin_id": {"id": self.order.id},
            "sale_order_line_id": {"id": self.order.order_line.id},
        }
        paid = {
            "amount": total,
            "name": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_method_id": self.cash.id,
        }
        uid = f"00001-001-000{quantity}"
        data = {
            "uid": uid,
            "name": f"Order {uid}",
            "sequence_number": quantity,
            "pos_session_id": self.till.current_session_id.id,
            "user_id": self.env.uid,
            "partner_id": self.buyer.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": [Command.create(line)],
            "statement_ids": [Command.create(paid)],
        }
        sent = [{"id": uid, "data": data, "to_invoice": False}]
        created = self.env["pos.order"].create_from_ui(sent)
        return self.env["pos.order"].browse(created[0]["id"])

    def _to_send(self):
        moves = self.order.picking_ids.move_ids
        return sum(moves.filtered(lambda one: one.state != "cancel").mapped("product_uom_qty"))

    def test_a_clean_order_is_confirmed_as_ever(self):
        self.assertEqual(self._settle().state, "paid")
        self.assertEqual((self.order.state, self._to_send()), ("sale", 0))

    def test_a_held_order_stays_and_the_till_is_not_stopped(self):
        case = self._hold()
        self.assertEqual(self._settle().state, "paid")
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.picking_ids)
        self.assertEqual((case.hold_refused_count, case.hold_resume), (1, True))

    def test_it_goes_on_by_itself_and_sends_nothing_twice(self):
        case = self._hold()
        self._settle(2)
        case.state = "resolved"
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self._to_send(), 1)
        self.assertEqual(self.order.order_line.qty_delivered, 2)
