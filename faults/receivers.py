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
ids = [id_ for id_, _url in given["mended"]]
for id_, url in given["mended"]:
    env["exception.subscription"].browse(id_).write(
        {"url": url, "circuit": "closed", "failures": 0}
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
    for path in (*BAD, "down"):
        receiver.secrets[f"ok/{path}"] = made[path][1]
    mended = [[made[path][0], receiver.url(f"ok/{path}")] for path in (*BAD, "down")]
    world.shell(MEND, mended=mended)
    unfinished = sum(not _wait(world, id_, seconds) for id_, _secret in made.values())
    counts = _counts(world, plan, told, receiver, made) | {"unfinished": unfinished + (not good)}
    server.stop()
    receiver.close()
    twice = len(receiver.ids("ok")) - len(set(receiver.ids("ok")))
    notes = [
        f"the good one had all {took:.0f} s after the first event, while the others failed "
        f"({', '.join(f'{path} {number} tries' for path, number in first.items())})",
        f"{twice} sent twice to the good one",
    ]
    return Outcome("receivers that misbehave", counts, notes)


def _counts(world, plan, told, receiver, made):
    """Hold what arrived against what is stored."""
    arrived = {path: receiver.ids(path) + receiver.ids(f"ok/{path}") for path in made}
    wanted = {path: _ids(world, id_) for path, (id_, _secret) in made.items()}
    return {
        "sent": len(plan.sent),
        "acknowledged": len(set(told["acknowledged"])),
        "stored": sum(map(len, wanted.values())),
        "lost": sum(len(ids - set(arrived[path])) for path, ids in wanted.items()),
        "forged": receiver.forged,
        "wrong": len(receiver.arrived["private"]) + len(receiver.arrived["followed"]),
    }


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


def _ids(world, subscription_id):
    rows = world.fetch(
        SQL(
            "SELECT message_id FROM exception_delivery WHERE subscription_id = %s",
            subscription_id,
        )
    )
    return {row["message_id"] for row in rows}
