"""Stories that several messages tell: what is put right clears, what is older changes nothing."""

import itertools

from odoo.tests import tagged

from .samples_more import MoreMaker
from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestContractsStories(VendorCommon):
    @classmethod
    def setUpClass(cls):
        """Start a maker of samples."""
        super().setUpClass()
        cls.maker = MoreMaker(7)
        cls.numbers = itertools.count(1)

    def _stripe(self, kind, thing, at):
        """Tell an event of Stripe about one thing, at so many seconds."""
        event = self.maker.stripe(kind, dict(thing)).content
        event["created"] = 1_767_225_600 + at
        return self._tell("stripe", kind, event)

    def _open(self, code):
        return self.env["exception.case"].search(
            [("detector_id.code", "=", code), ("is_open", "=", True)]
        )

    def test_failed_then_paid_clears(self):
        thing = self._thing("pi_", object="payment_intent", amount=500, currency="jpy")
        case = self._stripe("payment_intent.payment_failed", thing, 1).case_ids
        self.assertEqual((case.amount, case.currency_id.name), (500.0, "JPY"))
        self.assertEqual(case.type_id.code, "payment_failed_capture")
        event = self._stripe("payment_intent.succeeded", thing, 2)
        self.assertEqual((case.state, case.outcome), ("resolved", "cleared"))
        self.assertEqual(event.case_ids, case)

    def test_paid_before_failed_never_opens(self):
        for first, second, thing in (
            ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent"),
            ("invoice.paid", "invoice.payment_failed", "invoice"),
        ):
            values = self._thing("x_", object=thing, amount=1, amount_due=1, currency="eur")
            with self.subTest(first):
                self.assert_event(self._stripe(first, values, 5), "done")
                late = self._stripe(second, values, 4)
                self.assert_event(late, "ignored", "Older")
                self.assertFalse(late.case_ids.filtered("is_open"))

    def test_two_reports_of_one_payment_are_one_case(self):
        thing = self._thing("pi_", object="payment_intent", amount=500, currency="eur")
        charge = self._thing(
            "ch_", object="charge", amount=500, currency="eur", payment_intent=thing["id"]
        )
        first = self._stripe("payment_intent.payment_failed", thing, 1)
        second = self._stripe("charge.failed", charge, 1)
        self.assertTrue(first.case_ids)
        self.assertEqual(first.case_ids, second.case_ids)

    def test_payout_that_fails_after_it_was_paid(self):
        thing = self._thing("po_", object="payout", amount=1100, currency="usd")
        self._stripe("payout.paid", thing, 1)
        case = self._stripe("payout.failed", thing, 2).case_ids
        self.assertEqual((case.type_id.code, case.is_open), ("settlement_missing", True))
        self.assertEqual(case.res_model, "exception.event")

    def test_inquiry_becomes_a_chargeback_and_is_won(self):
        thing = self._thing("dp_", object="dispute", amount=1000, currency="kwd")
        status = [("warning_needs_response", 1), ("needs_response", 2), ("won", 3)]
        expected = ["event_dispute", "event_chargeback", None]
        for (name, at), code in zip(status, expected, strict=True):
            event = self._stripe("charge.dispute.updated", {**thing, "status": name}, at)
            self.assertEqual(self._cases_of(event), {code} - {None})
        self.assertEqual(set(event.case_ids.mapped("amount")), {1.0})

    def test_lost_chargeback_stays_and_is_critical(self):
        thing = self._thing("dp_", object="dispute", amount=1000, currency="eur", status="lost")
        case = self._stripe("charge.dispute.closed", thing, 1).case_ids
        self.assertTrue(case.is_open)
        self.assertEqual(case.severity, "1")

    def test_parcel_lost_and_found(self):
        code = self.maker.ident("1Z")
        steps = [
            ("in_transit", "delayed", {"event_carrier_delay"}),
            ("unknown", "lost", {"event_shipment_lost"}),
            ("in_transit", "arrived_at_facility", set()),
            ("failure", "failure", {"event_delivery_failed"}),
            ("in_transit", "departed_facility", {"event_delivery_failed"}),
            ("delivered", "arrived_at_destination", set()),
        ]
        seen = self.env["exception.case"]
        for status, detail, expected in steps:
            event = self._tell("easypost", "tracker.updated", self._parcel(code, status, detail))
            seen |= event.case_ids
            with self.subTest(f"{status} {detail}"):
                self.assert_event(event, "done")
                self.assertEqual(set(seen.filtered("is_open").detector_id.mapped("code")), expected)

    def test_goods_on_their_way_back_are_not_delivered(self):
        code = self.maker.ident("1Z")
        self._tell("easypost", "tracker.updated", self._parcel(code, "return_to_sender", None))
        back = self._parcel(code, "delivered", None)
        back["result"]["is_return"] = True
        self._tell("easypost", "tracker.updated", back)
        self.assertTrue(self._open("event_delivery_failed"))

    def test_several_items_in_one_message(self):
        """Each item is understood by itself; one that comes again counts once."""
        samples = [one.content for one in MoreMaker(3).adyen_samples()]
        items = [
            one["notificationItems"][0]["NotificationRequestItem"]
            for one in samples
            if "notificationItems" in one
        ][:4]
        wrapped = [{"NotificationRequestItem": item} for item in [*items, items[0]]]
        event = self._push({"notificationItems": wrapped}, self.vendor["adyen"])
        self.assert_event(event, "done", "5 items")
        children = self._understand(event.child_ids)
        self.assertGreaterEqual(len(children), 4)
        done = children.filtered(lambda one: not one.duplicate_of_id)
        self.assertEqual(len(done), 4)
        self.assertEqual(set(done.mapped("state")) - {"done", "ignored"}, set())

    def _thing(self, prefix, **values):
        return {"id": self.maker.ident(prefix), **values}

    def _parcel(self, code, status, detail):
        return {
            "id": self.maker.ident("evt_"),
            "object": "Event",
            "description": "tracker.updated",
            "result": {
                "id": f"trk_{code}",
                "object": "Tracker",
                "tracking_code": code,
                "status": status,
                "status_detail": detail,
                "updated_at": self.maker.when(),
                "carrier": "UPS",
            },
        }
