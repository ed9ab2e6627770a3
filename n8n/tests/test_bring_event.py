"""A monitoring system reports a stuck order, and later that it is over."""

import time
import uuid

import pytest


def alert(order, **more):
    return {
        "key": f"sync {order}",
        "order": order,
        "level": "page",
        "text": "The order cannot be synchronised",
        "service": "shop",
        "host": "shop-1",
        "status": "firing",
        "at": "2026-01-05T10:00:00Z",
        **more,
    }


def test_an_alert_opens_a_case_and_its_end_clears_it(world, shop):
    order = shop.order()
    assert world.partner("forward", alert(order)) == 202
    case = world.case("event_reported", order)
    assert (case["severity"], case["res_model"]) == ("1", "sale.order")
    assert case["facts"]["service"] == "shop"
    over = alert(order, status="resolved", at="2026-01-05T11:00:00Z")
    assert world.partner("forward", over) == 202
    world.case("event_reported", order, outcome="cleared")


def test_the_same_message_twice_counts_once(world, shop):
    order, name = shop.order(), f"alert-{uuid.uuid4().hex}"
    for _again in range(2):
        assert world.partner("forward", alert(order), id=name) == 202
    world.case("event_reported", order)
    assert len(world.events(name)) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"tamper": True},
        {"secret": "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgbm90IG91cnM="},
        {"at": time.time() - 600},
    ],
    ids=["changed on the way", "wrong secret", "recorded ten minutes ago"],
)
def test_a_bad_signature_is_refused(world, shop, how):
    order, name = shop.order(), f"forged-{uuid.uuid4().hex}"
    assert world.partner("forward", alert(order), id=name, **how) == 401
    assert not world.events(name)


def test_what_the_desk_will_not_take_is_said_to_the_sender_and_reported(world):
    # the desk takes 1 MiB at most
    assert world.partner("forward", alert("none", text="x" * 1_200_000)) == 422
    report = world.outside.wait_for("/chat", "Workflow failed")
    assert "bring a foreign event" in report.body["text"]
