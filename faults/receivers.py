"""A scenario in which those who are told misbehave: down, slow, broken, hostile."""

import time

from odoo.tools import SQL

from . import plan as plans
from .event_receiver import EventReceiver
from .outcome import Outcome

BAD = ("500", "hang", "reset", "redirect", "drip", "huge")
SUBSCRIBE = """
result = {}
for path, url in given["urls"].items():
    one = env["exception.subscription"].create({
        "name": path, "url": url, "allow_private": True, "allow_http": True, "waits": "1s, 1s, 1s",
        "failures_to_open": 2,
    })
    one.action_activate()
    result[path] = [one.id, one._secrets()[0]]
"""
# The owner of each bad receiver mends it, and has everything sent again.
MEND = """
ids = given["ids"]
env["exception.subscription"].browse(ids).write(
    {"url": given["url"], "circuit": "closed", "failures": 0}
)
env.cr.execute(
    "UPDATE exception_delivery SET next_at = created_at, state = 'waiting'"
    " WHERE subscription_id = ANY(%s) AND state IN ('waiting', 'dead')", [ids]
)
"""


def receivers(world, count, seconds=120):
    """One good receiver, six bad ones, one that is down; later all are mended."""
    receiver, down = EventReceiver(), EventReceiver()
    down.close()
    urls = {path: receiver.url(path) for path in ("ok", *BAD)} | {"down": down.url("ok")}
    made = world.shell(SUBSCRIBE, urls=urls)
    receiver.secrets |= {path: secret for path, (_id, secret) in made.items()}
    server = world.serve()
    plan = plans.make(count, "told", duplicates=0, reversed_share=0)
    world.make_orders(plan)
    begun = time.monotonic()
    told = world.send(server, plan).result()
    world.wait_until_done("told")
    good = _wait(world, made["ok"][0], seconds)
    took = time.monotonic() - begun
    first = {path: len(receiver.arrived[path]) for path in BAD}
    # mended: from now on they answer as the good one does
    ids = [made[path][0] for path in (*BAD, "down")]
    receiver.any_secret = {secret for _id, secret in made.values()}
    world.shell(MEND, ids=ids, url=receiver.url("ok"))
    unfinished = 0 if good else 1
    for each in ids:
        unfinished += not _wait(world, each, seconds)
    wanted = _ids(world, [made["ok"][0], *ids])
    arrived = [ident for path in ("ok", "huge") for ident in receiver.ids(path)]
    server.stop()
    receiver.close()
    counts = {
        "sent": len(plan.sent),
        "acknowledged": len(set(told["acknowledged"])),
        "stored": len(wanted),
        "lost": len(wanted - set(arrived)),
        "unfinished": unfinished,
        "forged": receiver.forged,
        "wrong": len(receiver.arrived["private"]) + len(receiver.arrived["followed"]),
    }
    notes = [
        f"the good one had all {took:.0f} s after the first event, while the others failed "
        f"({', '.join(f'{path} {number} tries' for path, number in first.items())})",
        f"{len(arrived) - len(set(arrived))} sent again with the same id",
    ]
    return Outcome("receivers that misbehave", counts, notes)


def _wait(world, subscription_id, seconds):
    """Wait until all is delivered; tell whether it is."""
    open_ = SQL(
        "SELECT count(*) AS n FROM exception_delivery"
        " WHERE subscription_id = %s AND state != 'delivered'",
        subscription_id,
    )
    until = time.monotonic() + seconds
    while world.fetch(open_)[0]["n"]:
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def _ids(world, subscription_ids):
    rows = world.fetch(
        SQL(
            "SELECT message_id FROM exception_delivery WHERE subscription_id = ANY(%s)",
            subscription_ids,
        )
    )
    return {row["message_id"] for row in rows}
