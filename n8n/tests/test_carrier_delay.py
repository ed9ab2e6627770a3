"""A parcel is late: the draft goes with the case, people approve it in the chat, it is sent."""

import time
import uuid

import pytest
from test_approve_by_message import decide, question


def late(order, **more):
    return {
        "type": "shipment.delayed",
        "at": "2026-01-05T10:00:00Z",
        "order": order,
        "carrier": "PPL",
        "tracking": f"T-{order}",
        "promised": "2026-01-06",
        "expected": "2026-01-09",
        **more,
    }


def test_draft_approval_message_and_the_case_is_resolved(world, shop):
    order = shop.order()
    address = {"email": "customer@example.com"}
    world.outside.answers["GET", f"/storefront/orders/{order}"] = (200, address)
    assert world.partner("delay", late(order)) == 202
    case = world.case("carrier_delay", order)
    assert "9 January 2026" in case["facts"]["draft"]
    ask = question(world, case)
    assert not world.outside.got("/mail", order), "nothing is sent before people agree"
    status, page = decide(ask, "approve")
    assert status == 200, page
    mail = world.outside.wait_for("/mail", order, seconds=90)
    assert mail.body == {
        "to": "customer@example.com",
        "subject": f"Your order {order}",
        "text": case["facts"]["draft"],
    }
    assert mail.headers["idempotency-key"].startswith("msg_")
    world.case("carrier_delay", order, state="resolved", seconds=120)


def test_a_parcel_that_is_on_time_again_clears_the_case(world, shop):
    order = shop.order()
    assert world.partner("delay", late(order)) == 202
    world.case("carrier_delay", order)
    back = late(order, type="shipment.on_time", at="2026-01-05T12:00:00Z")
    name = f"on-time-{uuid.uuid4().hex}"
    assert world.partner("delay", back, id=name) == 202
    # the approval that was asked for keeps the case until somebody decides
    world.until(lambda: [one for one in world.events(name) if "Cleared" in str(one["reason"])])


def test_a_rejected_message_is_not_sent(world, shop):
    order = shop.order()
    assert world.partner("delay", late(order)) == 202
    case = world.case("carrier_delay", order)
    status, page = decide(question(world, case), "reject", "Call them instead")
    assert status == 200, page
    assert not world.outside.got("/mail", order)


@pytest.mark.parametrize("door", ["delay", "delay-step"])
def test_a_bad_signature_is_refused_at_both_doors(world, shop, door):
    order = shop.order()
    speak = world.partner if door == "delay" else world.desk
    step = {"event": "customer.tell", "name": "x"}
    case = {"name": "EX/1", "record": {"name": order}, "facts": {"draft": "forged"}}
    content = {**late(order), "type": "step.reached", "data": {"case": case, "step": step}}
    assert speak(door, content, tamper=True) == 401
    assert speak(door, content, at=time.time() - 600) == 401
    assert not world.outside.got("/mail", "forged")
    assert not world.cases("carrier_delay", order)
