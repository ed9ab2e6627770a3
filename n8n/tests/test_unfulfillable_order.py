"""The warehouse lacks goods; carrier and storefront are asked, then told what was decided."""

import time

import pytest


def short(order, **more):
    return {
        "type": "order.unfulfillable",
        "at": "2026-01-05T10:00:00Z",
        "order": order,
        "product": "Desk lamp",
        "missing": 2,
        **more,
    }


def test_the_label_is_cancelled_the_storefront_told_and_the_case_resolved(world, shop):
    order = shop.order()
    paid = {"status": "paid", "total": "120.00", "currency": "USD"}
    label = {"label": "L-1", "status": "printed"}
    world.outside.answers["GET", f"/storefront/orders/{order}"] = (200, paid)
    world.outside.answers["GET", f"/carrier/shipments/{order}"] = (200, label)
    assert world.partner("unfulfillable", short(order)) == 202
    case = world.case("order_unfulfillable", order)
    assert case["amount"] == 120.0
    assert case["facts"]["storefront"] == "paid"
    assert case["facts"]["label"] == "L-1"
    world.outside.wait_for(f"/carrier/shipments/{order}/cancel", seconds=90)
    told = world.outside.wait_for(f"/storefront/orders/{order}/status")
    assert told.body == {"status": "delayed", "case": case["name"]}
    world.case("order_unfulfillable", order, state="resolved", seconds=120)


def test_while_the_storefront_is_down_the_desk_tries_again(world, shop):
    order = shop.order()
    world.outside.down.add("storefront")
    assert world.partner("unfulfillable", short(order)) == 202
    case = world.case("order_unfulfillable", order)
    assert case["facts"]["storefront"] == "unknown"
    path = f"/storefront/orders/{order}/status"
    world.outside.wait_for(path, seconds=90)
    world.outside.down.clear()
    world.case("order_unfulfillable", order, state="resolved", seconds=120)
    for one in (path, f"/carrier/shipments/{order}/cancel"):
        keys = {request.headers["idempotency-key"] for request in world.outside.got(one)}
        assert len(keys) == 1


@pytest.mark.parametrize("door", ["unfulfillable", "unfulfillable-step"])
def test_a_bad_signature_is_refused_at_both_doors(world, shop, door):
    order = shop.order()
    speak = world.partner if door == "unfulfillable" else world.desk
    case = {"name": "EX/1", "record": {"name": order}}
    step = {"event": "order.hold_back", "name": "x"}
    content = {**short(order), "data": {"case": case, "step": step}}
    if door == "unfulfillable-step":
        content["type"] = "step.reached"
    assert speak(door, content, tamper=True) == 401
    assert speak(door, content, at=time.time() - 600) == 401
    assert not world.outside.got(f"/carrier/shipments/{order}/cancel")
    assert not world.cases("order_unfulfillable", order)
