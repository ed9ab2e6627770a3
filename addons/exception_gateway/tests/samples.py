"""Further messages of the kinds that vendors publish samples of, and what has to follow from each.

Made by chance from a seed: other ids, amounts, currencies and statuses, optional fields left out,
unknown ones added. What has to follow is written beside each by hand, not worked out.
"""

import random
from dataclasses import dataclass, field

# currency, decimals in Stripe's amounts, in Adyen's, and those that really are paid
CURRENCIES = [
    ("EUR", 2, 2, 2),
    ("USD", 2, 2, 2),
    ("JPY", 0, 0, 0),
    ("KRW", 0, 0, 0),
    ("CLP", 0, 2, 0),
    ("ISK", 2, 2, 0),
    ("UGX", 2, 0, 0),
    ("IDR", 2, 0, 0),
    ("KWD", 3, 3, 3),
    ("TND", 3, 3, 3),
]
START = 1_767_225_600


@dataclass
class Sample:
    """One message and what follows: the detectors whose cases open and clear, and the amount."""

    vendor: str
    kind: str
    content: dict
    opens: str = None
    clears: set = field(default_factory=set)
    amount: float = None
    currency: str = None
    # dead: it has to be refused; ignored: nothing follows from it
    state: str = "done"

    def __str__(self):
        return f"{self.vendor} {self.kind}"


class Maker:
    """Makes samples of one seed."""

    def __init__(self, seed):
        """Start with a seed; the same one makes the same samples."""
        self.random = random.Random(seed)
        self.count = 0

    def ident(self, prefix):
        """Return a new id as the vendors have them."""
        self.count += 1
        return f"{prefix}{self.random.getrandbits(48):012x}{self.count}"

    def money(self, place):
        """Return (minor units, currency, amount); ``place``: 1 for Stripe, 2 for Adyen."""
        row = self.random.choice(CURRENCIES)
        units = self.random.choice([0, 1, 999, 1000, 123_450, self.random.randrange(10**7)])
        minor = units * 10 ** max(0, row[place] - row[3])
        return minor, row[0], minor / 10 ** row[place]

    def vary(self, content, *optional):
        """Leave out some of the optional fields, and add some that nobody knows."""
        for name in optional:
            if self.random.random() < 0.5:
                content.pop(name, None)
        if self.random.random() < 0.5:
            content[f"new_{self.random.randrange(100)}"] = self.random.choice(
                [None, [], {"a": [1, {"b": None}]}, "ünïcödé ☃", -1.5e300, True]
            )
        return content

    # ------------------------------------------------------------------
    # Stripe
    # ------------------------------------------------------------------

    def stripe(self, kind, thing, opens=None, clears=(), amount=None, currency=None, **more):
        """Return a sample of an event of Stripe."""
        self.count += 1
        event = {
            "id": self.ident("evt_"),
            "object": "event",
            "api_version": self.random.choice(
                [None, "2020-08-27", "2024-06-20", "2025-03-31.basil"]
            ),
            "created": START + self.count,
            "livemode": self.random.random() < 0.5,
            "type": kind,
            "data": {"object": thing},
        }
        self.vary(event, "livemode", "api_version")
        return Sample("stripe", kind, event, opens, set(clears), amount, currency, **more)

    def payment(self, kind, opens=None, clears=(), **values):
        """Return a payment or charge of Stripe."""
        minor, currency, amount = self.money(1)
        is_charge = kind.startswith("charge.")
        thing = {
            "id": self.ident("ch_" if is_charge else "pi_"),
            "object": "charge" if is_charge else "payment_intent",
            "amount": minor,
            "currency": currency.lower(),
            "customer": self.random.choice([None, self.ident("cus_")]),
            "description": self.random.choice([None, "Order", "x" * 900]),
            "metadata": {},
            "receipt_email": self.random.choice([None, "nobody@example.com"]),
            "last_payment_error": {"code": "card_declined", "message": "Declined. " * 200},
            **values,
        }
        self.vary(thing, "customer", "description", "metadata", "receipt_email")
        return self.stripe(kind, thing, opens, clears, amount, currency)

    def dispute(self, status, opens=None, clears=()):
        """Return a dispute of Stripe."""
        minor, currency, amount = self.money(1)
        kind = "charge.dispute." + self.random.choice(["created", "updated", "closed"])
        thing = {
            "id": self.ident("dp_"),
            "object": "dispute",
            "amount": minor,
            "currency": currency.lower(),
            "charge": self.ident("ch_"),
            "payment_intent": self.random.choice([None, self.ident("pi_")]),
            "status": status,
            "reason": self.random.choice(["fraudulent", "general", "product_not_received"]),
            "evidence_details": {"due_by": START + 10**6},
            "metadata": {},
        }
        self.vary(thing, "payment_intent", "reason", "evidence_details", "metadata")
        return self.stripe(kind, thing, opens, clears, amount, currency)

    def stripe_samples(self):
        """Return samples of all kinds of Stripe."""
        failed, chargeback, dispute = (
            "event_payment_failed",
            "event_chargeback",
            "event_dispute",
        )
        yield self.payment("payment_intent.payment_failed", failed)
        yield self.payment("charge.failed", failed)
        yield self.payment("payment_intent.succeeded", clears={failed})
        yield self.payment("charge.succeeded", clears={failed})
        yield self.payment("payment_intent.canceled", clears={failed})
        for kind in ("payment_intent.created", "payment_intent.processing", "charge.captured"):
            yield self.without_effect(self.payment(kind))
        yield self.without_effect(
            self.payment("payment_intent.payment_failed", invoice=self.ident("in_"))
        )
        for status in ("needs_response", "under_review", "lost"):
            yield self.dispute(status, chargeback, {dispute})
        for status in ("won", "charge_refunded", "prevented"):
            yield self.dispute(status, clears={chargeback, dispute})
        for status in ("warning_needs_response", "warning_under_review"):
            yield self.dispute(status, dispute)
        yield self.dispute("warning_closed", clears={dispute})
        yield from self.stripe_refunds()
        yield from self.stripe_invoices()
        yield from self.stripe_subscriptions()
        yield from self.stripe_payouts()

    def without_effect(self, sample):
        """Return the sample as one that is ignored."""
        sample.state = "ignored"
        return sample

    def stripe_refunds(self):
        """Return samples of refunds."""
        failed = "event_refund_failed"
        minor, currency, amount = self.money(1)
        charge = {
            "id": self.ident("ch_"),
            "object": "charge",
            "amount": minor + 5,
            "amount_refunded": minor,
            "currency": currency.lower(),
            "refunded": False,
            "metadata": {},
        }
        yield self.stripe("charge.refunded", charge, None, {failed}, amount, currency)
        for kind, status, opens, clears in (
            ("refund.failed", "failed", failed, ()),
            ("charge.refund.updated", "failed", failed, ()),
            ("refund.updated", "succeeded", None, {failed}),
            ("refund.updated", "canceled", None, {failed}),
        ):
            minor, currency, amount = self.money(1)
            refund = {
                "id": self.ident("re_"),
                "object": "refund",
                "amount": minor,
                "currency": currency.lower(),
                "charge": self.ident("ch_"),
                "status": status,
                "failure_reason": "expired_or_canceled_card",
            }
            self.vary(refund, "charge", "failure_reason")
            yield self.stripe(kind, refund, opens, clears, amount, currency)

    def stripe_invoices(self):
        """Return samples of invoices."""
        unpaid = "event_invoice_unpaid"
        for kind, opens, clears in (
            ("invoice.payment_failed", unpaid, ()),
            ("invoice.payment_action_required", unpaid, ()),
            ("invoice.paid", None, {unpaid}),
            ("invoice.payment_succeeded", None, {unpaid}),
            ("invoice.voided", None, {unpaid}),
            ("invoice.marked_uncollectible", None, {unpaid}),
        ):
            minor, currency, amount = self.money(1)
            invoice = {
                "id": self.ident("in_"),
                "object": "invoice",
                "amount_due": minor,
                "amount_remaining": minor,
                "currency": currency.lower(),
                "number": self.random.choice([None, self.ident("INV-")]),
                "customer": self.ident("cus_"),
                "customer_email": self.random.choice([None, "nobody@example.com"]),
                "attempt_count": self.random.randrange(5),
                "next_payment_attempt": self.random.choice([None, START + 10**5]),
            }
            self.vary(invoice, "amount_remaining", "number", "customer_email", "attempt_count")
            yield self.stripe(kind, invoice, opens, clears, amount, currency)

    def stripe_subscriptions(self):
        """Return samples of subscriptions."""
        overdue = "event_subscription_overdue"
        for status, reason, opens, clears in (
            ("past_due", None, overdue, ()),
            ("unpaid", None, overdue, ()),
            ("active", None, None, {overdue}),
            ("trialing", None, None, {overdue}),
            ("canceled", "cancellation_requested", None, {overdue}),
            ("canceled", "payment_failed", overdue, ()),
            ("paused", None, None, ()),
        ):
            thing = {
                "id": self.ident("sub_"),
                "object": "subscription",
                "status": status,
                "customer": self.ident("cus_"),
                "items": {"data": [{"price": {"id": "price_1", "nickname": None}}]},
                "metadata": {},
            }
            self.vary(thing, "items", "metadata", "customer")
            if reason:
                thing["cancellation_details"] = {"reason": reason}
            kind = "customer.subscription." + self.random.choice(["updated", "deleted", "created"])
            sample = self.stripe(kind, thing, opens, clears)
            yield sample if opens or clears else self.without_effect(sample)

    def stripe_payouts(self):
        """Return samples of payouts."""
        failed = "event_payout_failed"
        for kind, opens, clears in (
            ("payout.failed", failed, ()),
            ("payout.paid", None, {failed}),
            ("payout.canceled", None, {failed}),
            ("payout.created", None, ()),
        ):
            minor, currency, amount = self.money(1)
            payout = {
                "id": self.ident("po_"),
                "object": "payout",
                "amount": minor,
                "currency": currency.lower(),
                "failure_code": "account_closed",
                "failure_message": None,
                "arrival_date": START,
            }
            self.vary(payout, "failure_code", "failure_message", "arrival_date")
            sample = self.stripe(kind, payout, opens, clears, amount, currency)
            yield sample if opens or clears else self.without_effect(sample)
