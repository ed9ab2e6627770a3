"""Every sample that vendors publish, and many more of the same kinds, leads to what it should."""

import json

from odoo.tests import tagged

from . import payloads
from .samples_more import MoreMaker
from .vendor_common import VendorCommon

# what the vendors' own samples open, and the amount of the case
PUBLISHED = {
    "charge.dispute.created": ("event_chargeback", 10.0),
    "charge.failed": ("event_payment_failed", 1.0),
    "charge.refunded": (None, None),
    "customer.subscription.updated": ("event_subscription_overdue", 0.0),
    "invoice.payment_failed": ("event_invoice_unpaid", 12000.0),
    "invoice.payment_succeeded": (None, None),
    "payment_intent.payment_failed": ("event_payment_failed", 10.99),
    "payout.failed": ("event_payout_failed", 11.0),
    "inventory_levels-update": (None, None),
    "refunds-create": (None, None),
    "tracker.updated": (None, None),
    "backslash_notification": (None, None),
    "colon_notification": (None, None),
    "forwardslash_notification": (None, None),
}
KINDS = {
    "backslash_notification": "AUTHORISATION",
    "colon_notification": "AUTHORISATION",
    "forwardslash_notification": "AUTHORISATION",
}


@tagged("post_install", "-at_install")
class TestContractsSamples(VendorCommon):
    def test_published_samples(self):
        for vendor in ("stripe", "shopify", "easypost", "adyen"):
            for name, body in payloads.vendor_samples(vendor).items():
                if name == "orders-create":
                    continue
                with self.subTest(f"{vendor} {name}"):
                    kind = KINDS.get(name, name.replace("-", "/"))
                    event = self._tell(vendor, kind, body)
                    self.assert_event(event, "ignored" if name == "refunds-create" else "done")
                    opens, amount = PUBLISHED[name]
                    self.assertEqual(self._cases_of(event), {opens} - {None})
                    if opens:
                        self.assertEqual(event.case_ids.amount, amount)
                        self.assertEqual(event.case_ids.currency_id.name, "USD")

    def test_published_order_waits_for_its_import(self):
        """The order is not here yet: it waits, and is a case after two hours."""
        bodies = payloads.vendor_samples("shopify")
        if "orders-create" not in bodies:
            self.skipTest("Shopify's sample is not beside the project")
        if "sale.order" not in self.env:
            self.skipTest("Orders are not installed")
        event = self._tell("shopify", "orders/create", bodies["orders-create"])
        self.assert_event(event, "parked", "#1001")
        self.assertFalse(event.case_ids)

    def test_further_samples(self):
        """Other ids, amounts, currencies and statuses; fields left out, and unknown ones."""
        for seed in range(2):
            maker = MoreMaker(seed)
            samples = [
                *maker.stripe_samples(),
                *maker.shopify_refunds(),
                *maker.shopify_rest(),
                *maker.easypost_samples(),
                *maker.adyen_samples(),
            ]
            for sample, event in zip(samples, self._tell_all(samples), strict=True):
                with self.subTest(f"{seed} {sample} {json.dumps(sample.content)[:400]}"):
                    self._assert_sample(sample, event)

    def _assert_sample(self, sample, event):
        self.assert_event(event, sample.state)
        self.assertEqual(self._cases_of(event), {sample.opens} - {None}, event.reason)
        self.assertTrue(event.contract_id.code.startswith(f"{sample.vendor}."))
        if sample.opens and sample.amount is not None:
            case = event.case_ids.filtered("is_open")
            self.assertAlmostEqual(case.amount, sample.amount, 3)
            self.assertEqual(case.currency_id.name, sample.currency)

    def test_what_clears(self):
        """Each sample that should clear does clear, told after one that opens."""
        for seed in range(1):
            maker = MoreMaker(seed)
            for samples in (
                maker.stripe_samples(),
                maker.shopify_rest(),
                maker.easypost_samples(),
                maker.adyen_samples(),
            ):
                clearing = [one for one in samples if one.clears]
                events = self._tell_all(clearing)
                for sample, event in zip(clearing, events, strict=True):
                    kinds = event.contract_id.reaction_ids.filtered(lambda one: one.kind == "clear")
                    codes = set(kinds.detector_id.mapped("code"))
                    with self.subTest(f"{seed} {sample}"):
                        self.assertLessEqual(sample.clears, codes)
                        self.assert_event(event, "done")

    def test_unknown_kinds_and_forms_are_dead_letters(self):
        good = next(MoreMaker(0).stripe_samples()).content
        for change in (
            {"type": "moon.landed"},
            {"object": "v2.core.event"},
            {"data": {}},
            {"data": {"object": {**good["data"]["object"], "amount": "10.99"}}},
            {"data": {"object": {**good["data"]["object"], "currency": "XXQ"}}},
            {"created": "yesterday"},
            {"api_version": "3001-01-01"},
        ):
            with self.subTest(str(change)[:60]):
                event = self._push({**good, **change}, self.vendor["stripe"])
                self.assert_event(event, "dead")
                self.assertTrue(event.reason)
                self.assertFalse(event.case_ids)
