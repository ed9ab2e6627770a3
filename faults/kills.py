"""Scenarios in which processes die while events come in."""

import time
from collections import Counter

from odoo.tools import SQL

from . import plan as plans
from .outcome import Outcome
from .server import HTTP, RUNNER


def _percentile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def _finish(world, name, plan, mark, sending, notes=()):
    """Wait for the end of a sending and of the work on it, and count."""
    told = sending.result() if hasattr(sending, "result") else sending
    world.wait_until_done(mark)
    counts = world.counts(plan, mark, told["acknowledged"])
    # what was never acknowledged although it was sent again and again
    counts["lost"] += counts["distinct"] - counts["acknowledged"]
    retried = sum(n for status, n in told["answers"].items() if status not in ("200", "202"))
    rate = f"{len(plan.sent) / told['took']:.0f} events/s"
    return Outcome(name, counts, [*notes, rate, f"{retried} sent again"]), told


def _planned(world, mark, count, **shares):
    plan = plans.make(count, mark, **shares)
    world.make_orders(plan)
    return plan


def load(world, count, slices=5):
    """Two HTTP workers and a job runner, eight connections, a fifth twice, a tenth out of order.

    The bare route is measured between the slices, while the drain is at work on what came before:
    so both share the machine with it.
    """
    mark = "load"
    server = world.serve()
    plan = _planned(world, mark, count)
    world.send_bare(server, 200).result()
    alone = world.send_bare(server, max(200, count // 10)).result()
    size, told = -(-count // slices), []
    bare = []
    for begin in range(0, count, size):
        part = plans.Plan(plan.sent[begin : begin + size], [], frozenset())
        told.append(world.send(server, part).result())
        bare.append(world.send_bare(server, max(100, size // 2)).result())
    joined = _join(told)
    outcome, _told = _finish(world, "load", plan, mark, joined)
    rates = [_rate(one) for one in (told, bare, [alone])]
    outcome.notes += [
        f"{rates[0] / rates[1]:.0%} of a bare route in the same run ({rates[1]:.0f}/s beside the "
        f"drain, {rates[2]:.0f}/s alone)",
        "receipt to case p50 {:.1f} s, p95 {:.1f} s".format(*_waits(world, mark)),
    ]
    server.stop()
    return outcome


def _rate(tellings):
    return sum(len(one["seconds"]) for one in tellings) / sum(one["took"] for one in tellings)


def _waits(world, mark):
    """Return how long events waited from their receipt to their effect: median and p95."""
    rows = world.fetch(
        SQL(
            """SELECT extract(epoch FROM done_at - received_at) AS seconds FROM exception_event
                WHERE dedup_key LIKE %s AND done_at IS NOT NULL ORDER BY 1""",
            f"%{mark}-%",
        )
    )
    waits = [float(row["seconds"]) for row in rows]
    return _percentile(waits, 0.5), _percentile(waits, 0.95)


def worker(world, count, kills=5):
    """kill -9 of an HTTP worker, several times."""
    return _killed(world, count, "worker", HTTP, kills, "a worker")


def runner(world, count, kills=3):
    """kill -9 of the job runner, several times."""
    return _killed(world, count, "runner", RUNNER, kills, "the job runner")


def _killed(world, count, mark, kind, kills, words):
    server = world.serve()
    plan = _planned(world, mark, count)
    sending, killed = world.send(server, plan), 0
    for _kill in range(kills):
        time.sleep(1.5)
        killed += server.kill(kind)
    outcome, _told = _finish(world, f"{killed} × kill -9 of {words}", plan, mark, sending)
    server.stop()
    return outcome


def both(world, count, mark="both"):
    """One kill -9 each of a worker and of the job runner, while events come in."""
    server = world.serve()
    plan = _planned(world, mark, count)
    sending = world.send(server, plan)
    time.sleep(1)
    killed = server.kill(HTTP)
    time.sleep(1)
    killed += server.kill(RUNNER)
    outcome, _told = _finish(world, f"{killed} × kill -9, worker and runner", plan, mark, sending)
    server.stop()
    return outcome


def restart(world, count, restarts=2):
    """PostgreSQL stops at once, as when the power fails, and comes back."""
    mark = "restart"
    server = world.serve()
    plan = _planned(world, mark, count)
    sending = world.send(server, plan)
    for _restart in range(restarts):
        time.sleep(2)
        world.postgres.crash()
    outcome, told = _finish(world, f"{restarts} × PostgreSQL restarted", plan, mark, sending)
    outcome.notes.append(f"answers {told['answers']}")
    server.stop()
    return outcome


def two_runners(world, count):
    """Two servers on one database, each with a job runner; half of the events to each."""
    mark = "two"
    servers = [world.serve(workers=1), world.serve(workers=1)]
    plan = _planned(world, mark, count)
    halves = [plans.Plan(plan.sent[half::2], [], frozenset()) for half in (0, 1)]
    sendings = [world.send(s, half) for s, half in zip(servers, halves, strict=True)]
    told = _join([sending.result() for sending in sendings])
    outcome, _told = _finish(world, "two job runners", plan, mark, told)
    for server in servers:
        server.stop()
    return outcome


def _join(tellings):
    """Return what several sendings tell as one."""
    answers = Counter()
    for one in tellings:
        answers.update(one["answers"])
    return {
        "took": sum(one["took"] for one in tellings),
        "answers": dict(answers),
        "seconds": sorted(second for one in tellings for second in one["seconds"]),
        "acknowledged": [ident for one in tellings for ident in one["acknowledged"]],
    }
