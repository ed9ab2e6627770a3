"""What it costs to take an event, beside a route that inserts one row and commits.

Two Odoo HTTP workers, a client in another process with eight connections, both routes in turns on
the same server. The bound is ``addons/bench_bare_route``: it reads the body and stores it. The
gateway finds the endpoint, checks the signature and its time, looks for the message's id in its
content, stores the message with its hash and chosen headers unless it is known, and commits. Both
wait until the disk has it: the gateway always does, so the bound must, too.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from cryptography.fernet import Fernet

from odoo.tools import SQL, config

from desk.odoo_process import odoo_command, started

from .measure import median
from .result import Result

WORKERS = 2
CONNECTIONS = 8
# The promise: of the rate of the bare route.
SHARE = 0.7
START_LIMIT = 120
HERE = Path(__file__).parent


def run(desk, sizes):
    """Measure the rate of both routes."""
    key = Fernet.generate_key().decode()
    os.environ["EXCEPTION_SECRET_KEY"] = key
    try:
        endpoint = _set_up(desk)
        with _server() as port:
            rates = _measure(endpoint, port, sizes)
    finally:
        del os.environ["EXCEPTION_SECRET_KEY"]
        _clean_up(desk)
    measured, bound = median(rates["gateway"]), median(rates["bare"])
    official = sizes.posts >= type(sizes)().posts
    return [
        Result(
            name="Events taken a second",
            measured=measured,
            bound=bound,
            unit="events/s",
            promise=f"≥ {SHARE:.0%} of a route that inserts one row and commits",
            kept=measured >= SHARE * bound if official else None,
            note=f"{WORKERS} HTTP workers, {CONNECTIONS} connections, {sizes.posts:,} messages of "
            "1.5 KiB a round, signed by Standard Webhooks",
        )
    ]


def _set_up(desk):
    """Make an endpoint; return its address, its secret, and how it signs."""
    with desk.env() as env:
        env.cr.execute("CREATE TABLE IF NOT EXISTS bench_bare (id serial PRIMARY KEY, body bytea)")
        # the server of make bench does not wait by itself; connections made from now on do
        database = SQL.identifier(env.cr.dbname)
        env.cr.execute(SQL("ALTER DATABASE %s SET synchronous_commit TO on", database))
        system = env["exception.system"].create({"name": "Bench", "code": "bench"})
        endpoint = env["exception.event.endpoint"].create(
            {"name": "Bench", "system_id": system.id, "scheme": "standard_webhooks"}
        )
        secrets = env["exception.event.secret"]
        # an addon can be imported once the configuration says where it is
        from odoo.addons.exception_gateway.schemes import registry

        scheme = registry.get(endpoint.scheme)
        secret = scheme.new_secret()
        secrets._add(endpoint, secrets._seal(endpoint, secret), "made", 0)
        endpoint.action_activate()
        path = f"/exception/v1/events/{endpoint.token}"
        return path, scheme, secret, endpoint._settings()


@contextlib.contextmanager
def _server():
    """Serve the database under test; give the port."""
    port = _free_port()
    command = odoo_command(
        *("-c", os.environ["ODOO_RC"]),
        f"--addons-path={config['addons_path']},{HERE / 'addons'}",
        "--load=base,web,exception_gateway,bench_bare_route",
        *(f"--workers={WORKERS}", f"--http-port={port}", f"--gevent-port={_free_port()}"),
        *("--max-cron-threads=0", "--limit-request=1000000", "--log-level=error"),
    )
    # no job runner: it would work on the events in the workers that are measured
    environ = {**os.environ, "ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    with started(command, env=environ, stdout=subprocess.DEVNULL) as child:
        _wait(child, port)
        yield port


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(child, port):
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5):
                return
        time.sleep(0.2)
    raise SystemExit("The server to be measured did not start.")


def _measure(endpoint, port, sizes):
    rates = {"bare": [], "gateway": []}
    # the first round of each fills caches, and does not count
    for repetition in range(sizes.repetitions + 1):
        for name, found in rates.items():
            count = sizes.posts if repetition else CONNECTIONS * 20
            rate = _round(_messages(name, endpoint, count), port)
            if repetition:
                found.append(rate)
    return rates


def _round(messages, port):
    """Post messages; return how many a second were taken."""
    lines = "".join(json.dumps(message) + "\n" for message in messages)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.posting", str(port), str(CONNECTIONS)],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    if answer["statuses"] != {"202": len(messages)}:
        raise SystemExit(f"Not all messages were taken: {answer['statuses']}")
    return len(messages) / answer["seconds"]


def _messages(name, endpoint, count):
    path, scheme, secret, settings = endpoint
    messages = []
    for _number in range(count):
        body = json.dumps(
            {"id": uuid.uuid4().hex, "type": "order.paid", "lines": [{"text": "x" * 60}] * 19}
        )
        if name == "bare":
            messages.append(["/bench/bare", {"Content-Type": "application/json"}, body])
        else:
            signed = scheme.sign(body.encode(), secret, settings, time.time())
            messages.append([path, dict(signed.headers), body])
    return messages


def _clean_up(desk):
    with desk.env() as env:
        env.cr.execute("DROP TABLE IF EXISTS bench_bare")
        database = SQL.identifier(env.cr.dbname)
        env.cr.execute(SQL("ALTER DATABASE %s RESET synchronous_commit", database))
        endpoints = env["exception.event.endpoint"].search([("name", "=", "Bench")])
        env.cr.execute(
            SQL("DELETE FROM exception_event WHERE endpoint_id = ANY(%s)", endpoints.ids)
        )
        env["queue.job"].search([("identity_key", "=", "exception_gateway.drain")]).unlink()
        endpoints.unlink()
        env["exception.system"].search([("code", "=", "bench")]).unlink()
