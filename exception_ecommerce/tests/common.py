from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tools import SQL

from odoo.addons.exception_core.tests.common import ExceptionCommon
from odoo.addons.exception_core.tools.hits import HitRequest, restrict_ids

NOW = fields.Datetime.to_datetime("2024-05-10 12:00:00")


class EcommerceCommon(ExceptionCommon):
    """A shop in São Paulo (UTC−3), orders made by the ORM, and the hits of one detector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # orders in exception get as far as the tests want them; what holds is tested apart
        cls._let_pass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.env.company.partner_id.tz = "America/Sao_Paulo"
        cls.env["decimal.precision"].search([("name", "=", "Volume")]).digits = 6
        cls.goods = cls._create_product("Lamp")
        cls.service = cls._create_product("Assembly", detailed_type="service")
        cls.provider = cls.env["payment.provider"].create({"name": "Test", "code": "none"})
        cls.method = cls.env.ref("payment.payment_method_unknown")

    @classmethod
    def _create_product(cls, name, **overrides):
        vals = {
            "name": name,
            "detailed_type": "consu",
            "list_price": 50.0,
            "weight": 1.0,
            "volume": 0.001,
            "taxes_id": False,
        }
        return cls.env["product.product"].create({**vals, **overrides})

    def _order(self, *products, confirm=True, ago=None, quantity=1, **overrides):
        """Create an order of these products, confirmed so long ago."""
        with freeze_time(NOW - (ago or timedelta())):
            lines = [
                Command.create({"product_id": p.id, "product_uom_qty": quantity}) for p in products
            ]
            order = self.env["sale.order"].create(
                {"partner_id": self.partner.id, "order_line": lines, **overrides}
            )
            if confirm:
                order.action_confirm()
                self.env.flush_all()
        return order

    def _pay(self, order, amount=None, ago=None, state="done", **overrides):
        """Add a payment that came in so long ago."""
        number = self.env["payment.transaction"].search_count([])
        payment = self.env["payment.transaction"].create(
            {
                "reference": f"test-ecommerce-{number}",
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "amount": order.amount_total if amount is None else amount,
                "operation": "online_redirect",
                "state": state,
                "last_state_change": NOW - (ago or timedelta()),
                "sale_order_ids": [Command.set(order.ids)],
                **overrides,
            }
        )
        return payment

    def _authorise(self, order, amount=None, ago=None):
        """Add a payment that was authorised and not captured.

        Written past the ORM, which asks the provider whether it can do that: the providers that
        can are addons of their own.
        """
        payment = self._pay(order, amount, ago, state="pending")
        payment.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s", [payment.id]
        )
        payment.invalidate_recordset()
        return payment

    def _refund(self, payment, amount):
        """Give a part of a payment back, as Odoo does: linked to the payment, not the order."""
        return self._pay(
            payment.sale_order_ids,
            amount=-amount,
            operation="refund",
            source_transaction_id=payment.id,
            sale_order_ids=False,
        )

    def _done(self, picking, when=NOW):
        """Complete a transfer at an instant."""
        with freeze_time(when):
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking._action_done()
            self.env.flush_all()
        return picking

    def _detector(self, code):
        return self.env.ref(f"exception_ecommerce.detector_{code}")

    def _hits(self, code, records, now=NOW, **parameters):
        """Return the hits of a detector on these records, ``{record id: hit}``."""
        self.env.flush_all()
        detector = self._detector(code)
        select = detector._detail_select(now, parameters or None)
        self.env.cr.execute(restrict_ids(select, records.ids))
        hits = self.env.cr.dictfetchall()
        self.assertEqual(len(hits), len({hit["res_id"] for hit in hits}), "one hit a record")
        self._check_gate(detector, [hit["res_id"] for hit in hits], now, parameters)
        return {hit["res_id"]: hit for hit in hits}

    def _check_gate(self, detector, ids, now, parameters):
        """Assert that the gate of the detector's query is open for each hit, in memory, too."""
        params = detector._parameter_sets(parameters)[0][0]
        request = HitRequest(detector._as_engine().env, now, params)
        queries = self.env["exception.query"].sudo()
        for record in self.env[detector.model].sudo().browse(ids):
            self.assertTrue(
                queries._may_hit(detector.query, request, record),
                f"what is in memory hides hits of {detector.query}",
            )
        gate = queries._gate(detector.query, request)
        table = SQL.identifier(self.env[detector.model]._table)
        self.env.cr.execute(
            SQL("SELECT id FROM %s WHERE id = ANY(%s) AND (%s) IS NOT TRUE", table, ids, gate)
        )
        self.assertFalse(self.env.cr.fetchall(), f"the gate of {detector.query} hides hits")

    def assert_hit(self, code, record, now=NOW, **parameters):
        """Assert that the detector finds the record, and return the hit."""
        hits = self._hits(code, record, now, **parameters)
        self.assertIn(record.id, hits, f"{code} does not find {record.display_name}")
        return hits[record.id]

    def assert_no_hit(self, code, records, now=NOW, **parameters):
        """Assert that the detector leaves the records alone."""
        hits = self._hits(code, records, now, **parameters)
        self.assertFalse(hits, f"{code} finds {records.browse(hits).mapped('display_name')}")
