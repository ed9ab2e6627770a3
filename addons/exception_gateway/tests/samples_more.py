"""Further messages of Shopify, EasyPost and Adyen; see samples.py."""

from datetime import datetime, timedelta, timezone

from .samples import START, Maker, Sample


class MoreMaker(Maker):
    """Makes samples of the other vendors as well."""

    def when(self):
        """Return a time as vendors write it, each later than the one before."""
        self.count += 1
        moment = datetime.fromtimestamp(START + self.count, timezone.utc)
        if self.random.random() < 0.5:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        zone = timezone(timedelta(hours=self.random.choice([-5, 1, 9])))
        return moment.astimezone(zone).isoformat()

    # ------------------------------------------------------------------
    # Shopify
    # ------------------------------------------------------------------

    def shopify_order(self, topic, opens=None, clears=(), state="done", **values):
        """Return an order of Shopify."""
        number = self.random.randrange(10**4, 10**6)
        currency, total = self.random.choice([("USD", "409.94"), ("JPY", "1200"), ("KWD", "1.255")])
        order = {
            "id": self.random.randrange(10**12),
            "name": f"#{number}",
            "order_number": number,
            "updated_at": self.when(),
            "cancelled_at": None,
            "currency": currency,
            "total_price": total,
            "financial_status": self.random.choice(["authorized", "paid", "pending"]),
            "fulfillment_status": None,
            "email": self.random.choice(["", None, "bob@example.com"]),
            "customer": {"id": 5, "email": "bob@example.com"},
            "test": False,
            **values,
        }
        self.vary(order, "order_number", "fulfillment_status", "email", "customer")
        return Sample("shopify", topic, order, opens, set(clears), float(total), currency, state)

    def shopify_orders(self):
        """Return samples of orders; none of them is known in Odoo."""
        cancelled = "event_cancelled_after_payment"
        for topic in ("orders/create", "orders/updated", "orders/paid", "orders/cancelled"):
            when = self.when()
            yield self.shopify_order(topic, clears={cancelled})
            for status in ("paid", "partially_paid", "partially_refunded"):
                yield self.shopify_order(
                    topic, cancelled, cancelled_at=when, financial_status=status
                )
            for status in ("refunded", "voided"):
                yield self.shopify_order(
                    topic, clears={cancelled}, cancelled_at=when, financial_status=status
                )
        yield self.shopify_order("orders/create", state="ignored", test=True)

    def shopify_refunds(self):
        """Return samples of refunds."""
        for restock_types, status, restock, opens in (
            (["return"], "success", None, None),
            (["cancel", "return"], "success", False, None),
            (["no_restock"], "success", True, "event_refund_without_goods"),
            (["return", "no_restock"], "success", None, "event_refund_without_goods"),
            ([None], "success", False, "event_refund_without_goods"),
            ([], "success", False, None),
            (["no_restock"], "failure", False, "event_refund_failed"),
            (["return"], "error", True, "event_refund_failed"),
        ):
            lines = [
                {"id": self.count, "quantity": 2, "restock_type": kind, "line_item": {"sku": "A"}}
                for kind in restock_types
            ]
            for line in lines:
                if line["restock_type"] is None:
                    del line["restock_type"]
            refund = {
                "id": self.random.randrange(10**12),
                "order_id": self.random.randrange(10**12),
                "created_at": self.when(),
                "note": self.random.choice([None, "", "it broke"]),
                "restock": restock,
                "refund_line_items": lines,
                "transactions": [
                    {"kind": "refund", "status": status, "amount": "20.50", "currency": "EUR"},
                    {"kind": "refund", "status": "success", "amount": "1.25", "currency": "EUR"},
                    {"kind": "sale", "status": "success", "amount": "99.00", "currency": "EUR"},
                ],
            }
            self.vary(refund, "note")
            sample = Sample("shopify", "refunds/create", refund, opens, set(), 21.75, "EUR")
            # nobody waits for it
            sample.state = "done" if opens else "ignored"
            yield sample

    def shopify_rest(self):
        """Return samples of stock and shipments."""
        below = "event_stock_below_zero"
        for available, opens, clears in ((-3, below, ()), (0, None, {below}), (6, None, {below})):
            yield Sample(
                "shopify", "inventory_levels/update", self.stock(available), opens, set(clears)
            )
        nothing = Sample("shopify", "inventory_levels/update", self.stock(None))
        nothing.state = "ignored"
        yield nothing
        refused, failed = "event_shipment_refused", "event_delivery_failed"
        for topic in ("fulfillments/create", "fulfillments/update"):
            for status, shipment, opens, clears in (
                ("success", None, None, {refused}),
                ("pending", "in_transit", None, {refused}),
                ("error", None, refused, ()),
                ("failure", None, refused, ()),
                ("cancelled", None, None, {refused, failed}),
                ("success", "failure", failed, {refused}),
                ("success", "attempted_delivery", failed, {refused}),
                ("success", "out_for_delivery", None, {refused, failed}),
                ("success", "delivered", None, {refused, failed}),
            ):
                content = {
                    "id": self.random.randrange(10**12),
                    "order_id": self.random.randrange(10**12),
                    "name": "#1001.1",
                    "status": status,
                    "shipment_status": shipment,
                    "tracking_company": "UPS",
                    "tracking_number": self.random.choice([None, self.ident("1Z")]),
                    "updated_at": self.when(),
                }
                self.vary(content, "name", "tracking_company")
                yield Sample("shopify", topic, content, opens, set(clears))

    def stock(self, available):
        """Return the stock of a new item."""
        return {
            "inventory_item_id": self.random.randrange(10**12),
            "location_id": self.random.randrange(10**12),
            "available": available,
            "updated_at": self.when(),
        }

    # ------------------------------------------------------------------
    # EasyPost
    # ------------------------------------------------------------------

    def easypost_samples(self):
        """Return samples of trackers."""
        delay, problem = "event_carrier_delay", "event_carrier_problem"
        lost, failed = "event_shipment_lost", "event_delivery_failed"
        soft = {delay, problem, lost}
        for status, detail, opens, clears in (
            ("pre_transit", "label_created", None, soft),
            ("in_transit", "arrived_at_facility", None, soft),
            ("out_for_delivery", None, None, {*soft, failed}),
            ("available_for_pickup", "arrived_at_pickup_location", None, {*soft, failed}),
            ("delivered", "arrived_at_destination", None, {*soft, failed}),
            ("delivered", "delayed", None, {*soft, failed}),
            ("in_transit", "delayed", delay, ()),
            ("in_transit", "weather_delay", delay, ()),
            ("in_transit", "missorted", delay, ()),
            ("in_transit", "damaged", problem, {delay}),
            ("in_transit", "held", problem, {delay}),
            ("error", "unknown", problem, {delay}),
            ("exception", None, problem, {delay}),
            ("cancelled", "cancelled", problem, {delay}),
            ("unknown", "lost", lost, {delay}),
            ("failure", "lost", lost, {delay}),
            ("failure", "failure", failed, {delay}),
            ("in_transit", "refused", failed, {delay}),
            ("return_to_sender", "return", failed, {delay}),
            ("return_to_sender", None, failed, {delay}),
            ("unknown", "unknown", None, ()),
            ("quantum", "entangled", None, ()),
        ):
            tracker = {
                "id": self.ident("trk_"),
                "object": "Tracker",
                "tracking_code": self.ident("1Z"),
                "status": status,
                "status_detail": detail,
                "updated_at": self.when(),
                "carrier": self.random.choice(["UPS", None]),
                "est_delivery_date": self.when(),
                "tracking_details": self.random.choice(
                    [[], None, [{"message": "Here", "tracking_location": {"city": "Brugge"}}]]
                ),
            }
            self.vary(tracker, "carrier", "est_delivery_date", "tracking_details")
            kind = self.random.choice(["tracker.created", "tracker.updated"])
            event = {
                "id": self.ident("evt_"),
                "object": "Event",
                "description": kind,
                "mode": "production",
                "created_at": self.when(),
                "result": tracker,
            }
            self.vary(event, "mode", "created_at")
            sample = Sample("easypost", kind, event, opens, set(clears))
            if not opens and not clears:
                sample.state = "ignored"
            yield sample

    # ------------------------------------------------------------------
    # Adyen
    # ------------------------------------------------------------------

    def adyen_samples(self):
        """Return samples of notifications, with and without their envelope."""
        failed, refund = "event_payment_failed", "event_refund_failed"
        chargeback, dispute = "event_chargeback", "event_dispute"
        for code, success, opens, clears in (
            ("AUTHORISATION", "true", None, {failed}),
            ("AUTHORISATION", "false", failed, ()),
            ("CAPTURE", "true", None, {failed}),
            ("CAPTURE", "false", failed, ()),
            ("CAPTURE_FAILED", "true", failed, ()),
            ("CANCELLATION", "true", None, {failed}),
            ("CANCELLATION", "false", None, ()),
            ("REFUND", "true", None, {refund}),
            ("REFUND", "false", refund, ()),
            ("REFUND_FAILED", "true", refund, ()),
            ("REFUNDED_REVERSED", "true", refund, ()),
            ("NOTIFICATION_OF_CHARGEBACK", "true", dispute, ()),
            ("REQUEST_FOR_INFORMATION", "true", dispute, ()),
            ("CHARGEBACK", "true", chargeback, {dispute}),
            ("SECOND_CHARGEBACK", "true", chargeback, {dispute}),
            ("CHARGEBACK_REVERSED", "true", None, {chargeback, dispute}),
            ("PREARBITRATION_WON", "true", None, {chargeback, dispute}),
            ("NOTIFICATION_OF_FRAUD", "true", "event_fraud_warning", ()),
            ("REPORT_AVAILABLE", "true", None, ()),
        ):
            minor, currency, amount = self.money(2)
            item = {
                "pspReference": self.ident("PSP").upper(),
                "originalReference": self.ident("PSP").upper(),
                "merchantAccountCode": "Shop",
                "merchantReference": self.random.choice([self.ident("S"), "", "a:b\\c:☃"]),
                "amount": {"value": minor, "currency": currency},
                "eventCode": code,
                "eventDate": self.when(),
                "success": success,
                "reason": self.random.choice(["", None, "Refused"]),
                "paymentMethod": "visa",
                "additionalData": {"shopperEmail": "nobody@example.com"},
            }
            # of several with one reference, a later one would be about the earlier one's case
            if item["merchantReference"] == "a:b\\c:☃":
                item["merchantReference"] += self.ident("")
            self.vary(item, "originalReference", "reason", "paymentMethod", "additionalData")
            content = item
            if self.random.random() < 0.8:
                content = {
                    "live": "false",
                    "notificationItems": [{"NotificationRequestItem": item}],
                }
            sample = Sample("adyen", code, content, opens, set(clears), amount, currency)
            if not opens and not clears:
                sample.state = "ignored"
            yield sample

    def all(self):
        """Return samples of all vendors."""
        yield from self.stripe_samples()
        yield from self.shopify_orders()
        yield from self.shopify_refunds()
        yield from self.shopify_rest()
        yield from self.easypost_samples()
        yield from self.adyen_samples()
