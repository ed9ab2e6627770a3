"""The world of a scenario: a PostgreSQL of its own, a desk with an endpoint, what came of it."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

from cryptography.fernet import Fernet

from odoo.tools import SQL, config

from desk.paths import ROOT, run_folder

from . import sender
from .server import Server

SHELL = """
import json, sys
import odoo
from odoo.tools import config
given = json.load(sys.stdin)
config.parse_config(given["options"])
with odoo.registry(config["db_name"]).cursor() as cr:
    env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
    result = None
"""
# Messages of faults/plan.py: an order that fails opens a case, one that is settled clears it.
SET_UP = """
from odoo.addons.exception_gateway.schemes import registry as schemes
kind = env.ref("exception_core.type_payment_mismatch", raise_if_not_found=False)
kind = kind or env["exception.type"].search([], limit=1)
detector = env["exception.detector"].create({
    "name": "Order failed", "code": "faults", "type_id": kind.id, "source": "event",
    "model_id": env["ir.model"]._get("res.partner").id, "owner_id": env.ref("base.user_admin").id,
})
detector.action_enable()
contract = env["exception.event.contract"].create({
    "name": "Orders", "code": "faults", "kinds": "order.*", "kind_path": "type",
    "mapping": "{what: type, when: at, reference: order}",
    "dedup_path": "id", "subject_path": "order", "ordering_path": "at", "unmatched": "dead",
    "match_ids": [(0, 0, {"how": "field", "model": "res.partner", "field_name": "ref"})],
    "reaction_ids": [
        (0, 0, {"sequence": 1, "kind": "open", "condition": "what == 'order.failed'",
                "detector_id": detector.id}),
        (0, 0, {"sequence": 2, "kind": "clear", "condition": "what == 'order.settled'",
                "detector_id": detector.id}),
    ],
})
contract.action_activate()
system = env["exception.system"].create({"name": "Faults", "code": "faults"})
endpoint = env["exception.event.endpoint"].create({
    "name": "Faults", "system_id": system.id, "scheme": "standard_webhooks", "rate_limit": 0,
    "contract_ids": [(4, contract.id)],
})
secret = schemes.get(endpoint.scheme).new_secret()
secrets = env["exception.event.secret"]
secrets._add(endpoint, secrets._seal(endpoint, secret), "made", 0)
endpoint.action_activate()
result = [endpoint.token, secret]
"""
ORDERS = """
env["res.partner"].with_context(tracking_disable=True).create(
    [{"name": name, "ref": name} for name in given["orders"]]
)
"""


class World:
    """A database on its own PostgreSQL, servers on it, and a sender beside them."""

    def __init__(self, dbname, postgres):
        self.dbname, self.postgres = dbname, postgres
        self._folder = tempfile.TemporaryDirectory(prefix="faults-", dir=run_folder())
        self._environ = {**os.environ, "EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()}
        self.servers = []
        self.token, self.secret = self.shell(SET_UP)
        # whoever acknowledges waits for the disk: what is compared with it has to wait as well
        database = SQL.identifier(dbname)
        self.fetch(SQL("ALTER DATABASE %s SET synchronous_commit TO on", database))
        self.fetch(SQL("CREATE TABLE bench_bare (id serial PRIMARY KEY, body bytea)"))

    def close(self):
        """Stop all servers."""
        for server in self.servers:
            server.stop()

    @property
    def _options(self):
        values = {
            "database": self.dbname,
            "addons-path": f"{config['addons_path']},{ROOT / 'benchmarks/addons'}",
            "data-dir": config["data_dir"],
            "log-level": "warn",
            **self.postgres.options,
        }
        return [f"--{name}={value}" for name, value in values.items()]

    def shell(self, body, **given):
        """Run Python with ``env`` and ``given`` in a process of Odoo; return its ``result``."""
        tail = textwrap.indent(body, "    ") + "\nprint(json.dumps(result))\n"
        done = subprocess.run(
            [sys.executable, "-c", SHELL + tail],
            input=json.dumps({**given, "options": self._options}),
            env=self._environ,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(done.stderr[-3000:])
        return json.loads(done.stdout.splitlines()[-1])

    def serve(self, **options):
        """Start another server on the database."""
        log = Path(self._folder.name) / f"odoo-{len(self.servers)}.log"
        server = Server(
            [*self._options, f"--db-filter=^{self.dbname}$"], self._environ, log, **options
        )
        self.servers.append(server)
        return server.start()

    def make_orders(self, plan):
        """Create the records that a plan's messages are about."""
        self.shell(ORDERS, orders=plan.orders)

    # ------------------------------------------------------------------
    # sending
    # ------------------------------------------------------------------

    def send(self, server, plan, connections=8, patience=120):
        """Send a plan from another process; returns a :class:`Sending` at once."""
        job = {
            "url": f"{server.url}/exception/v1/events/{self.token}",
            "secret": self.secret,
            "messages": plan.as_rows(),
            "connections": connections,
            "patience": patience,
        }
        return Sending(job)

    def send_bare(self, server, count):
        """Send as many messages to a route that stores one row, to compare with."""
        messages = [
            {"id": f"bare-{n}", "type": "order.failed", "order": "x", "at": n} for n in range(count)
        ]
        job = {"url": f"{server.url}/bench/bare", "secret": self.secret, "messages": messages}
        return Sending({**job, "connections": 8, "patience": 30})

    # ------------------------------------------------------------------
    # what came of it
    # ------------------------------------------------------------------

    def fetch(self, query):
        """Return the rows of a query as dicts, as anybody sees them now."""
        return self.postgres.fetch(self.dbname, query)

    def wait_until_done(self, mark, seconds=180):
        """Wait until all stored messages of a plan were worked on; tell whether they were."""
        waits = SQL(
            "SELECT count(*) AS n FROM exception_event WHERE dedup_key LIKE %s"
            " AND state IN ('received', 'processing', 'failed', 'parked')",
            f"%{mark}%",
        )
        until = time.monotonic() + seconds
        while self.fetch(waits)[0]["n"]:
            if time.monotonic() > until:
                return False
            time.sleep(0.5)
        return True

    def counts(self, plan, mark, acknowledged):
        """Hold what is stored against what was acknowledged and what the plan must lead to."""
        rows = self.fetch(
            SQL(
                "SELECT dedup_key, state FROM exception_event WHERE dedup_key LIKE %s",
                f"%{mark}-%",
            )
        )
        states = [row["state"] for row in rows]
        cases = self.fetch(
            SQL(
                """SELECT p.ref, count(c.id) AS n, bool_or(c.is_open) AS is_open
                     FROM exception_case c
                     JOIN res_partner p ON p.id = c.res_id AND c.res_model = 'res.partner'
                    WHERE p.ref LIKE %s GROUP BY p.ref""",
                f"{mark}-%",
            )
        )
        found = {row["ref"]: row["n"] for row in cases}
        # two connections may deliver a settled order's messages in the right order after all:
        # then its case was opened, and has to be cleared
        left_open = {row["ref"] for row in cases if row["is_open"]}
        stored = " ".join(row["dedup_key"] for row in rows)
        return {
            "sent": len(plan.sent),
            "distinct": len(plan.distinct),
            "acknowledged": len(set(acknowledged)),
            "stored": len(rows),
            "lost": sum(ident not in stored for ident in set(acknowledged)),
            "unfinished": sum(s in ("received", "processing", "failed", "parked") for s in states),
            "dead": states.count("dead"),
            "missing": len(plan.failing - found.keys()),
            "double": sum(n - 1 for n in found.values()),
            "wrong": len(left_open - plan.failing) + len(plan.failing & found.keys() - left_open),
        }


class Sending(threading.Thread):
    """A sender at work; ``result()`` waits for its end."""

    def __init__(self, job):
        super().__init__(daemon=True)
        self._job, self._done = job, None
        self.start()

    def run(self):
        """Run the sender."""
        self._done = subprocess.run(
            [sys.executable, str(Path(sender.__file__))],
            input=json.dumps(self._job),
            capture_output=True,
            text=True,
            cwd=ROOT,
        )

    def result(self):
        """Return what the sender tells at its end."""
        self.join()
        if self._done.returncode:
            raise AssertionError(self._done.stderr)
        return json.loads(self._done.stdout)
