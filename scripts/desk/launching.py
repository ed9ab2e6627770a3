"""make bench, faults, replay and pot: programs that work with Odoo on a prepared database."""

import contextlib
import shlex
import sys
from pathlib import Path

from . import addons, config, database, odoo_process, odoo_source, postgres, serving, templates
from .console import SetupError, say
from .odoo_process import Desk
from .paths import ROOT, run_folder

REPLAY_DATABASE = "exception_replay"
REPLAY_ADDON = "exception_ecommerce"
SHARED_ORDERS = ROOT.parent / "shared" / "data" / "olist"


def bench(environ):
    """Measure on a database of its own; ODOO_RC names the configuration that names it."""
    if not (ROOT / "benchmarks" / "run.py").is_file():
        raise SetupError("There is no benchmarks/run.py in this checkout.")
    with _desk(environ) as desk, templates.temporary_clone(desk, "bench") as name:
        arguments = shlex.split(environ.get("ARGS") or "")
        return _run_module(desk, name, "benchmarks.run", *arguments)


def faults(environ):
    """Kill processes and servers while events come in, on a PostgreSQL of its own."""
    with _desk(environ) as desk, templates.temporary_clone(desk, "faults") as name:
        return _run_module(desk, name, "faults.run", *shlex.split(environ.get("ARGS") or ""))


def replay(environ):
    """Load a folder of orders into a fresh database, which ``make run DB=...`` then serves."""
    name = serving.database_name(environ, default=REPLAY_DATABASE)
    if REPLAY_ADDON not in addons.find():
        raise SetupError(f"There is no addon {REPLAY_ADDON} in this checkout.")
    with _desk(environ) as desk:
        _replace(desk, name)
        options = ["--db", name, "--data", _orders(desk, name, environ.get("DATA"))]
        if environ.get("OUT"):
            options += ["--out", Path(environ["OUT"]).expanduser().resolve()]
        code = _run_module(desk, name, "benchmarks.replay", *options)
        if code == 0:
            say(f"To look at the cases: make run DB={name}")
        return code


def pot(environ):
    """Write i18n/<addon>.pot of each addon."""
    with _desk(environ) as desk, templates.temporary_clone(desk, "pot") as name:
        return _run_module(desk, name, "desk.export_pot", *sorted(addons.find()))


def _replace(desk, name):
    """A fresh database under this name; one that was not made here stays."""
    found = database.condition(desk.server, name)
    if found in (database.Condition.FOREIGN, database.Condition.FOREIGN_BROKEN):
        raise SetupError(
            f"The database {name} would be replaced, but {found.value}. Choose another DB=."
        )
    database.drop(desk.server, name)
    serving.build(desk, name, REPLAY_ADDON, demo=False)


def _orders(desk, name, data):
    """The folder to load: DATA, the shared one, else a generated sample."""
    if data:
        return Path(data).expanduser().resolve()
    if SHARED_ORDERS.is_dir():
        return SHARED_ORDERS
    sample = run_folder() / "sample"
    if _run_module(desk, name, "benchmarks.replay.generate", "--out", sample):
        raise SetupError("The sample of orders could not be made.")
    return sample


@contextlib.contextmanager
def _desk(environ):
    source = odoo_source.find(environ)
    with postgres.available(environ) as server:
        yield Desk(source, server)


def _run_module(desk, name, module, *arguments):
    """Run a Python module with Odoo on its path and ODOO_RC set; its exit code."""
    conf = config.derive(
        module, desk.source, desk.server, name, log_level="warn", max_cron_threads=0
    )
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return odoo_process.run_child(command, env=desk.environment(conf))
