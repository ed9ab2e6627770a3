"""Stories of orders: each adds one or two orders to a sample and notes what is wrong with them.

Every story keeps clear of all rules but its own, and several stand exactly on a boundary.
"""

from datetime import datetime, time, timedelta

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def midnight(moment, days=0):
    """Return the beginning of a day, so many days later."""
    return datetime.combine(moment.date(), time.min) + days * DAY


def shipped(sample, days_ago=None, **changes):
    """Add an ordinary delivered order, with changes to its times. Returns id, person, times, due.

    ``changes`` replace approved, carrier, customer, estimated and limit; None takes one away.
    """
    days_ago = days_ago or sample.random.randint(60, 300)
    person = changes.pop("person", None)
    products = changes.pop("products", None) or sample.random.choices(
        sample.good_products, k=sample.random.choice((1, 1, 1, 2, 3))
    )
    status = changes.pop("status", "delivered")
    bought = changes.pop("bought", None) or sample.moment(days_ago)
    times = {
        "approved": bought + 2 * HOUR,
        "carrier": bought + 2 * DAY,
        "customer": bought + 8 * DAY,
        "estimated": midnight(bought, 20),
        "limit": bought + 5 * DAY,
    }
    times.update({name: made(times) if callable(made) else made for name, made in changes.items()})
    limit = times.pop("limit")
    customer, person = sample.customer(person)
    order = sample.order(customer, status, bought, **times)
    due = sample.pieces(order, limit, products)
    return order, person, products, dict(times, bought=bought, limit=limit), due


def fine(sample):
    """All well, half of them with a payment row that fits."""
    order, *_rest, due = shipped(sample)
    if sample.random.random() < 0.5:
        first = due // 3
        sample.pay(order, first, due - first)


def fine_on_the_boundaries(sample):
    """Delivered in the last second of the promised day, handed over exactly at the limit, …"""
    last_second = shipped(sample, customer=lambda t: t["estimated"] + DAY - SECOND)
    sample.pay(last_second[0], last_second[-1] + 5)
    shipped(sample, carrier=lambda t: t["limit"])
    shipped(
        sample,
        5,
        status="processing",
        bought=sample.today - 6 * DAY,
        carrier=None,
        customer=None,
        approved=sample.today - 5 * DAY,
        estimated=sample.today,
    )


def delivered_late(sample):
    """Delivered in the first second of the day after the promise, or days later."""
    days = sample.random.choice((1, 1, 2, 9))
    order, *_rest = shipped(sample, customer=lambda t: t["estimated"] + days * DAY)
    sample.truth(order, "delivered_late", days)


def undelivered(sample):
    """On the way, but the promise was yesterday or earlier."""
    days = sample.random.choice((1, 3, 30))
    estimated = sample.today - days * DAY
    order, *_rest = shipped(sample, 50 + days, status="shipped", customer=None, estimated=estimated)
    sample.truth(order, "undelivered_past_promise", days)


def paid_not_shipped(sample):
    """Paid a second more than five days ago, nothing shipped, promise still to come."""
    days = sample.random.choice((5, 7, 12))
    approved = sample.today - days * DAY - SECOND
    order, *_rest = shipped(
        sample, status=sample.random.choice(("processing", "invoiced")), bought=approved - HOUR,
        approved=approved, carrier=None, customer=None, estimated=sample.today + 9 * DAY,
    )  # fmt: skip
    sample.truth(order, "paid_not_shipped", days)


def forgotten(sample):
    """Paid, never shipped, and the promise has passed: two exceptions on one order."""
    order, _person, _products, times, _due = shipped(
        sample, 90, status="processing", carrier=None, customer=None
    )
    sample.truth(order, "paid_not_shipped", (sample.today - times["approved"]).days)
    sample.truth(order, "undelivered_past_promise", (sample.today - times["estimated"]).days)


def handed_over_late(sample):
    """Handed over after the limit, and yet delivered in time."""
    hours = sample.random.choice((1, 20, 60))
    order, *_rest = shipped(sample, carrier=lambda t: t["limit"] + hours * HOUR)
    sample.truth(order, "handed_to_carrier_late", float(hours))


def cancelled(sample):
    """Cancelled after payment; and one that was never paid, whose payment slip does not count."""
    order, *_rest = shipped(sample, status="canceled", carrier=None, customer=None)
    sample.truth(order, "cancelled_after_payment")
    order, *_rest, due = shipped(
        sample, status="canceled", approved=None, carrier=None, customer=None
    )
    sample.pay(order, due)


def unavailable(sample):
    """The source says so; with its pieces, or (as in real data) without any."""
    order, *_rest = shipped(sample, status="unavailable", carrier=None, customer=None)
    sample.truth(order, "unavailable")
    bought = sample.moment(90)
    customer, _person = sample.customer()
    times = {"approved": bought + HOUR, "estimated": midnight(bought, 20)}
    order = sample.order(customer, "unavailable", bought, **times)
    sample.truth(order, "unavailable")
    sample.truth(order, "order_without_lines")


def payment_mismatch(sample):
    """Paid too little or too much, by more than five cents."""
    difference = sample.random.choice((-6, 6, -1500, 990))
    order, *_rest, due = shipped(sample)
    sample.pay(order, due + difference)
    sample.truth(order, "payment_mismatch", f"{difference / 100:.2f}")


def duplicate(sample):
    """The same pieces again after 24 hours; and neighbours that are no duplicates."""
    # after the clocks changed in October: 24 hours by the clock are 24 hours
    days_ago = sample.random.randint(60, 100)
    first, person, products, times, _due = shipped(sample, days_ago)
    again = times["bought"] + sample.random.choice((2 * 60 * SECOND, 5 * HOUR, DAY))
    second, *_rest = shipped(
        sample, person=person, products=sorted(products, reverse=True), bought=again
    )
    minutes = (again - times["bought"]) / timedelta(minutes=1)
    sample.truth(second, "duplicate_order", minutes, first)
    _first, person, products, times, _due = shipped(sample, days_ago)
    shipped(sample, person=person, products=products, bought=times["bought"] + DAY + SECOND)
    _first, person, products, times, _due = shipped(sample, days_ago)
    more = [*products, products[0]]
    shipped(sample, person=person, products=more, bought=times["bought"] + HOUR)


def missing_dimensions(sample):
    """One of the products has no weight, or a side of 0."""
    lacking = {"product_weight_g": ""} if sample.random.random() < 0.5 else {"product_width_cm": 0}
    product = sample.product(**lacking)
    order, *_rest = shipped(sample, products=[sample.good_products[0], product])
    sample.truth(order, "missing_dimensions", "", product)


def empty(sample):
    """No pieces at all: just created, or cancelled."""
    bought = sample.moment(4)
    estimated = midnight(sample.today, 10)
    for status in ("created", "canceled"):
        customer, _person = sample.customer()
        order = sample.order(customer, status, bought, estimated=estimated)
        sample.truth(order, "order_without_lines")


DEFECTS = (
    delivered_late,
    undelivered,
    paid_not_shipped,
    forgotten,
    handed_over_late,
    cancelled,
    unavailable,
    payment_mismatch,
    duplicate,
    missing_dimensions,
    empty,
    fine_on_the_boundaries,
)


def tell(sample):
    """Tell one more story; four of five orders are fine."""
    story = fine if sample.random.random() < 0.8 else sample.random.choice(DEFECTS)
    story(sample)
