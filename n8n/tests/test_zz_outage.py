"""The desk is stopped for more than a minute; whatever came meanwhile arrives afterwards, once."""

import time
import uuid

from test_approve_by_message import approvals, decide, question
from test_bring_event import alert
from test_carrier_delay import late
from test_failed_renewal import renewal
from test_tell_people import new_ticket, ticket_number, tickets_of
from test_unfulfillable_order import short

OUTAGE = 65
PATIENCE = 300


def test_every_template_delivers_after_a_desk_that_was_down_for_a_minute(world, shop):
    orders = {path: shop.order() for path in ("forward", "renewal", "unfulfillable", "delay")}
    content = {"forward": alert, "renewal": renewal, "unfulfillable": short, "delay": late}
    asked, ticketed = shop.order(), shop.order()
    assert world.partner("delay", late(asked)) == 202
    waiting = world.case("carrier_delay", asked)
    link = question(world, waiting)
    assert world.partner("forward", alert(ticketed)) == 202
    case = world.case("event_reported", ticketed)

    world.stop_desk()
    down = time.monotonic()
    names = {path: f"outage-{path}-{uuid.uuid4().hex}" for path in orders}
    for path, order in orders.items():
        assert world.partner(path, content[path](order), id=names[path]) == 503, path
    status, page = decide(link, "approve")
    assert (status, "is kept" in page) == (202, True)
    world.outside.answers["GET", "/ticket"] = (200, [])
    world.outside.answers["POST", "/ticket"] = new_ticket
    about = {"name": case["name"], "type": "event_reported"}
    assert world.desk("tell", {"type": "case.opened", "data": {"case": about}}) == 200
    time.sleep(max(0, OUTAGE - (time.monotonic() - down)))
    assert not world.outside.got("/chat", "Workflow failed"), "trying again is no failure"
    world.start_desk()

    for code, path in (
        ("event_reported", "forward"),
        ("renewal_failed", "renewal"),
        ("order_unfulfillable", "unfulfillable"),
        ("carrier_delay", "delay"),
    ):
        world.case(code, orders[path], seconds=PATIENCE)
        assert len(world.events(names[path])) == 1
    world.until(lambda: approvals(world, waiting)[0]["state"] in ("approved", "executed"), PATIENCE)
    number = ticket_number(case["name"])
    world.until(
        lambda: tickets_of(world, case) == [number], PATIENCE, lambda: tickets_of(world, case)
    )
    world.outside.wait_for("/mail", asked, seconds=PATIENCE)
