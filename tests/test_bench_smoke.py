"""The benchmarks run, at sizes that say nothing about speed, and write what they document."""

import json
import os
import subprocess
import sys

from odoo.tools import config as odoo_config

from desk import config, odoo_source, templates
from desk.odoo_process import Desk
from desk.paths import ROOT
from desk.postgres import Server

KEYS = {"name", "measured", "bound", "unit", "ratio", "promise", "kept", "note"}
TINY = (
    "--rows 1000 2000 --cases 1000 2000 --open 200 --opened 100 --rescored 300 --clocks 1000"
    " --pairs 1 --posts 40 --repetitions 1"
)


def measure(folder):
    """Run all benchmarks in a process and a database of their own."""
    options = ("db_host", "db_port", "db_user", "db_password")
    server = Server(*(str(odoo_config[name] or "") for name in options))
    desk = Desk(odoo_source.find(os.environ), server)
    with templates.temporary_clone(desk, "benchtest") as name:
        conf = config.derive("benchtest", desk.source, server, name, log_level="error")
        command = [sys.executable, "-m", "benchmarks.run", *TINY.split(), "--out", folder]
        return subprocess.run(
            command, cwd=ROOT, env=desk.environment(conf), capture_output=True, text=True
        )


def test_all_promises_are_measured(tmp_path):
    done = measure(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads((tmp_path / "results.json").read_text())
    text = (tmp_path / "RESULTS.md").read_text()
    names = " ".join(row["name"] for row in rows)
    for what in (
        "Sweep without news",
        "Opening",
        "Planning",
        "Making both clocks",
        "Tick",
        "Confirm",
        "Save",
        "Queue",
        "Team overview",
        "looked through",
        "Audit",
        "open cases written",
        "Events taken",
    ):
        assert what in names
    for row in rows:
        assert set(row) == KEYS
        assert row["measured"] > 0 and row["bound"] > 0
        assert row["kept"] in (True, False, None)
        assert row["name"] in text
