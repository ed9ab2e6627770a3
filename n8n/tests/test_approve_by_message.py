"""Somebody is asked in the chat; the link opens a page; the answer is brought by RPC."""

import re
import time
import urllib.parse

import pytest
from outside import post

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def question(world, case):
    """The link that the approver got for a case."""

    def asked():
        told = world.outside.got("/chat", "please decide")
        return next((one for one in told if case["name"] in one.body["text"]), None)

    told = world.until(asked, 90)
    assert told.body["to"] == "approver_n8n@example.com"
    return re.search(r"http\S+/approval\?\S+", told.body["text"])[0]


def decide(link, decision, comment=""):
    """Open the page, and press one of its buttons."""
    status, page = post(link, None, method="GET")
    assert status == 200, page
    fields = dict(re.findall(r'name="(about|seal)" value="([^"]*)"', page))
    form = urllib.parse.urlencode({**fields, "decision": decision, "comment": comment})
    return post(link.partition("?")[0], form, FORM)


def approvals(world, case):
    return world.rpc.find("exception.approval", [("case_id", "=", case["id"])], "state")


@pytest.fixture
def case(world, shop):
    """A case on which a playbook has asked for an approval."""
    from test_carrier_delay import late

    order = shop.order()
    assert world.partner("delay", late(order)) == 202
    return world.case("carrier_delay", order)


def test_opening_the_link_decides_nothing_and_the_button_does(world, case):
    link = question(world, case)
    for _scanner in range(3):
        assert post(link, None, method="GET")[0] == 200
    assert [one["state"] for one in approvals(world, case)] == ["pending"]
    status, page = decide(link, "approve", "Fine")
    assert (status, "Thank you" in page) == (200, True)
    # the request has no action of its own: being approved is all that is carried out
    world.until(lambda: approvals(world, case)[0]["state"] in ("approved", "executed"))
    (decision,) = world.rpc.find(
        "exception.approval.decision",
        [("step_id.approval_id.case_id", "=", case["id"])],
        *("user_id", "way", "brought_by_id"),
    )
    assert decision["user_id"][1] == "approver_n8n"
    assert (decision["way"], decision["brought_by_id"][1]) == ("token", "n8n")


def test_rejecting_needs_a_reason_and_the_page_says_so(world, case):
    link = question(world, case)
    status, page = decide(link, "reject")
    assert status == 409
    assert "Say why" in page
    assert decide(link, "reject", "Call them")[0] == 200
    world.until(lambda: approvals(world, case)[0]["state"] == "rejected")


def test_a_link_is_good_once(world, case):
    link = question(world, case)
    assert decide(link, "approve")[0] == 200
    status, page = decide(link, "reject", "Changed my mind")
    assert status == 409
    assert "approved" in page


def test_a_changed_link_is_refused(world, case):
    link = question(world, case)
    assert post(link[:-4] + "AAAA", None, method="GET")[0] == 401
    form = urllib.parse.urlencode({"about": "e30", "seal": "AAAA", "decision": "approve"})
    assert post(link.partition("?")[0], form, FORM)[0] == 401
    assert approvals(world, case)[0]["state"] == "pending"


def test_a_bad_signature_is_refused(world, case):
    question(world, case)
    event = {
        "type": "approval.asked",
        "data": {
            "case": {"name": "EX/forged", "approvers": [{"id": 2, "name": "Mallory"}]},
            "approval": {"id": approvals(world, case)[0]["id"], "name": "forged"},
            "asked": [2],
        },
    }
    assert world.desk("approve", event, tamper=True) == 401
    assert world.desk("approve", event, at=time.time() - 600) == 401
    assert not world.outside.got("/chat", "Mallory")
