"""A customer pays or signs an order that is held, over real HTTP requests."""

import json

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

# A picture of one dot, as the signature pad sends one.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    "kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestHoldShop(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Buyer",
                "email": "buyer@example.com",
                "street": "Rue 1",
                "city": "Lyon",
                "zip": "69000",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Course", "detailed_type": "service", "list_price": 80, "taxes_id": False}
        )
        cls.provider = cls._demo_provider()
        cls.kind = cls.env.ref("exception_core.type_paid_not_shipped")

    @classmethod
    def _demo_provider(cls):
        provider = cls.env.ref("payment.payment_provider_demo")
        if not cls.env.company.chart_template:
            # the payment is booked
            charts = cls.env["account.chart.template"]
            charts.try_loading("generic_coa", cls.env.company, install_demo=False)
        journal = cls.env["account.journal"].search([("type", "=", "bank")], limit=1)
        provider.write({"state": "test", "is_published": True, "journal_id": journal.id})
        return provider

    def _order(self, **overrides):
        values = {
            "partner_id": self.buyer.id,
            "website_id": self.website.id,
            "order_line": [Command.create({"product_id": self.service.id})],
        }
        order = self.env["sale.order"].create({**values, **overrides})
        order._portal_ensure_token()
        return order

    def _hold(self, order):
        return self.env["exception.case"].create(
            {
                "title": "Ordered twice",
                "type_id": self.kind.id,
                "res_model": "sale.order",
                "res_id": order.id,
                "hold_step": "confirm",
            }
        )

    def _json(self, route, **params):
        answer = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.env.invalidate_all()
        self.assertNotIn("error", answer)
        return answer.get("result")

    def _pay(self, order):
        """Do what the shop's payment page does, and what its status page polls."""
        method = self.provider.payment_method_ids[:1] or self.env.ref(
            "payment_demo.payment_method_demo"
        )
        values = self._json(
            f"/shop/payment/transaction/{order.id}",
            access_token=order.access_token,
            provider_id=self.provider.id,
            payment_method_id=method.id,
            token_id=None,
            flow="direct",
            tokenization_requested=False,
            landing_route="/shop/payment/validate",
        )
        self._json(
            "/payment/demo/simulate_payment",
            reference=values["reference"],
            payment_details="1234",
            simulated_state="done",
        )
        self._json("/payment/status/poll")
        return order.transaction_ids.filtered(lambda tx: tx.reference == values["reference"])

    def _mails(self, order):
        return order.message_ids.filtered(lambda message: message.subject).mapped("subject")

    def test_a_clean_order_is_confirmed_by_its_payment(self):
        order = self._order()
        self._pay(order)
        self.assertEqual(order.state, "sale")

    def test_a_held_order_stays_and_its_payment_is_kept(self):
        self.authenticate(None, None)
        order = self._order()
        case = self._hold(order)
        transaction = self._pay(order)
        self.assertEqual(order.state, "sent")
        self.assertEqual(transaction.state, "done")
        self.assertTrue(transaction.is_post_processed, "the payment job does not try it again")
        self.assertTrue(transaction.payment_id, "the money is booked")
        self.assertTrue(case.hold_resume)
        self.assertIn("has paid", " ".join(case.message_ids.mapped("body")))
        said = " ".join(order.message_ids.mapped("body"))
        self.assertIn(transaction.reference, said)
        page = self.url_open(order.get_portal_url())
        self.assertEqual(page.status_code, 200)
        # the job of payments has nothing left to do
        self.env["payment.transaction"]._cron_finalize_post_processing()
        self.assertEqual(order.state, "sent")
        # and the end of the hold is the end of the waiting
        case.write(case._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(order.state, "sale")

    def test_a_signature_on_a_held_order_is_kept(self):
        order = self._order(state="sent", require_signature=True, require_payment=False)
        case = self._hold(order)
        answer = self._json(
            f"/my/orders/{order.id}/accept",
            access_token=order.access_token,
            name="Buyer",
            signature=SIGNATURE,
        )
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.signature)
        self.assertIn("has signed", " ".join(case.message_ids.mapped("body")))
        case.write(case._ended_values("manual"))
        self.env["exception.case"]._cron_resume_held()
        self.assertEqual(order.state, "sale")

    def test_a_free_order_of_the_shop_that_is_held(self):
        self.service.list_price = 0
        order = self._order()
        self._hold(order)
        order.with_context(send_email=True).with_user(
            self.env.ref("base.user_root")
        ).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertFalse(self._mails(order), "no mail says that it is confirmed")
