"""The desk says that a case was opened; ticket, mail and chat hear of it, the case of them."""

import time
import uuid

import pytest
from test_bring_event import alert


def new_ticket(request=None):
    """What the ticket system answers; its numbers follow from what the case is called."""
    number = ticket_number(request.body["reference"] if request else uuid.uuid4().hex)
    return 201, {"id": number, "url": f"https://tickets.example.com/{number}"}


def ticket_number(reference):
    return "SUP-" + reference[-4:]


def tickets_of(world, case):
    """What the case is called elsewhere."""
    found = world.rpc.find(
        "exception.case.reference", [("case_id", "=", case["id"])], "external_id"
    )
    return [one["external_id"] for one in found]


@pytest.fixture
def outside(world):
    world.outside.answers["GET", "/ticket"] = (200, [])
    world.outside.answers["POST", "/ticket"] = new_ticket
    return world.outside


def test_a_new_case_is_told_everywhere_and_learns_its_ticket(world, shop, outside):
    order = shop.order()
    assert world.partner("forward", alert(order)) == 202
    case = world.case("event_reported", order)
    chat = outside.wait_for("/chat", case["name"])
    assert chat.body["text"].startswith(f"New case: {case['name']}")
    assert outside.wait_for("/mail", case["name"]).body["to"] == "desk@example.com"
    ticket = outside.wait_for("/ticket", case["name"])
    assert ticket.body["reference"] == case["name"]
    world.until(lambda: tickets_of(world, case) == [ticket_number(case["name"])])


def test_a_ticket_that_is_there_is_not_opened_again(world, shop, outside):
    outside.answers["GET", "/ticket"] = (200, [new_ticket()[1]])
    order = shop.order()
    assert world.partner("forward", alert(order)) == 202
    case = world.case("event_reported", order)
    outside.wait_for("/chat", case["name"])
    assert not outside.got("/ticket", case["name"])


def test_while_the_chat_is_down_the_desk_tries_again_and_says_it_once(world, shop, outside):
    order = shop.order()
    outside.down.add("chat")
    assert world.partner("forward", alert(order)) == 202
    case = world.case("event_reported", order)
    tried = outside.wait_for("/chat", case["name"])
    world.until(
        lambda: world.rpc.find(
            "exception.delivery",
            [("case_id", "=", case["id"]), ("state", "=", "waiting"), ("attempts", ">", 0)],
        )
    )
    outside.down.clear()
    world.until(
        lambda: world.rpc.find(
            "exception.delivery", [("case_id", "=", case["id"]), ("state", "=", "delivered")]
        )
    )
    told = outside.got("/chat", case["name"])
    assert tried in told
    assert len(outside.got("/ticket", case["name"])) >= 1
    keys = {one.headers["idempotency-key"] for one in outside.got("/mail", case["name"])}
    assert len(keys) == 1


def test_a_message_that_was_handled_is_not_handled_again(world, outside):
    name = f"msg_{uuid.uuid4().hex}"
    event = {"type": "sla.breached", "data": {"case": {"name": "EX/1", "severity": "low"}}}
    for _again in range(2):
        assert world.desk("tell", event, id=name) == 200
    assert len(outside.got("/chat", "EX/1")) == 1


@pytest.mark.parametrize(
    "how",
    [{"tamper": True}, {"at": time.time() - 600}, {"secret": "whsec_bm90IHRoZSBkZXNrJ3Mgc2VjcmV0"}],
    ids=["changed on the way", "recorded ten minutes ago", "wrong secret"],
)
def test_a_bad_signature_is_refused(world, outside, how):
    event = {"type": "case.opened", "data": {"case": {"name": "EX/forged"}}}
    assert world.desk("tell", event, **how) == 401
    assert not outside.got("/chat", "EX/forged")
