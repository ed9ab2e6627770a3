"""Billing reports a failed renewal; the playbook charges again through n8n and is answered."""

import time

import pytest


def renewal(order, **more):
    return {
        "type": "renewal.failed",
        "at": "2026-01-05T10:00:00Z",
        "subscription": f"SUB-{order}",
        "order": order,
        "amount": "49.00",
        "currency": "USD",
        "reason": "card_declined",
        "next_try": "2026-01-08",
        **more,
    }


def test_a_failed_renewal_is_charged_again_and_the_case_resolved(world, shop):
    order = shop.order()
    account = {"state": "active", "users": 80}
    world.outside.answers["GET", f"/provisioning/accounts/SUB-{order}"] = (200, account)
    assert world.partner("renewal", renewal(order)) == 202
    case = world.case("renewal_failed", order)
    assert case["amount"] == 49.0
    assert (case["facts"]["users"], case["facts"]["service"]) == (80, "active")
    again = world.outside.wait_for(f"/billing/subscriptions/SUB-{order}/retry", seconds=90)
    assert again.body == {"case": case["name"]}
    assert again.headers["idempotency-key"].startswith("msg_")
    world.case("renewal_failed", order, state="resolved", seconds=120)
    assert not world.outside.got(f"/provisioning/accounts/SUB-{order}/suspend")


def test_a_system_that_does_not_answer_leaves_a_gap_not_a_loss(world, shop):
    order = shop.order()
    world.outside.down.add("provisioning")
    assert world.partner("renewal", renewal(order)) == 202
    assert world.case("renewal_failed", order)["facts"]["service"] == "unknown"


def test_while_billing_is_down_the_desk_tries_again(world, shop):
    order = shop.order()
    world.outside.down.add("billing")
    assert world.partner("renewal", renewal(order)) == 202
    world.case("renewal_failed", order)
    path = f"/billing/subscriptions/SUB-{order}/retry"
    world.outside.wait_for(path, seconds=90)
    world.outside.down.clear()
    world.case("renewal_failed", order, state="resolved", seconds=120)
    keys = {one.headers["idempotency-key"] for one in world.outside.got(path)}
    assert len(keys) == 1, "one key for all tries, so that billing charges once"


@pytest.mark.parametrize("door", ["renewal", "renewal-step"])
def test_a_bad_signature_is_refused_at_both_doors(world, shop, door):
    order = shop.order()
    speak = world.partner if door == "renewal" else world.desk
    case = {"name": "EX/1", "facts": {"subscription": f"SUB-{order}"}}
    step = {"event": "renewal.suspend", "name": "x"}
    content = {**renewal(order), "data": {"case": case, "step": step}}
    if door == "renewal-step":
        content["type"] = "step.reached"
    assert speak(door, content, tamper=True) == 401
    assert speak(door, content, at=time.time() - 600) == 401
    assert not world.outside.got(f"/provisioning/accounts/SUB-{order}/suspend")
    assert not world.cases("renewal_failed", order)


def test_the_service_is_suspended_when_the_playbook_says_so(world, shop):
    order = shop.order()
    case = {"name": "EX/1", "facts": {"subscription": f"SUB-{order}"}}
    step = {"event": "renewal.suspend", "name": "Suspend"}
    content = {"type": "step.reached", "data": {"case": case, "step": step}}
    assert world.desk("renewal-step", content) == 200
    world.outside.wait_for(f"/provisioning/accounts/SUB-{order}/suspend")
    assert not world.outside.got(f"/billing/subscriptions/SUB-{order}/retry")
