"""Running Odoo: its environment, one-off commands, and reading what went wrong from its log."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import config, left_over
from .console import SetupError
from .odoo_source import OdooSource
from .paths import ROOT, run_folder
from .postgres import Server

SHOWN_LOG_LINES = 25
SCRIPT = Path(__file__).with_name("odoo_program.py")


@dataclass(frozen=True)
class Desk:
    """The Odoo and the PostgreSQL that a command works with."""

    source: OdooSource
    server: Server

    def environment(self, conf, first_on_path=None):
        """Environment of a Python that imports this Odoo, this suite and its set-up modules."""
        python_path = (self.source.home, ROOT, ROOT / "scripts")
        path = os.environ.get("PATH", os.defpath)
        return {
            **os.environ,
            **self.server.environment(),
            "ODOO_HOME": str(self.source.home),
            "ODOO_RC": str(conf),
            "PYTHONPATH": os.pathsep.join(map(str, python_path)),
            "PATH": f"{first_on_path}{os.pathsep}{path}" if first_on_path else path,
            "PYTHONUNBUFFERED": "1",
        }

    def install(self, database, install=(), update=(), demo=False):
        """Install and update modules in a database; a failure is told with the end of the log."""
        conf = config.derive(f"install-{database}", self.source, self.server, database)
        log = run_folder() / f"install-{database}.log"
        command = odoo_command("-c", conf, "-d", database, "--stop-after-init", "--no-http")
        command += ["-i", ",".join(install)] if install else []
        command += ["-u", ",".join(update)] if update else []
        command += ["--max-cron-threads=0", "--load=base,web"]
        command += [] if demo else ["--without-demo=all"]
        with log.open("w") as out:
            code = run_child(command, env=self.environment(conf), stdout=out, stderr=out)
        text = log.read_text(errors="replace")
        if code or _failed_to_load(text):
            raise SetupError(
                f"Odoo could not install {', '.join((*install, *update))}:\n{_telling_part(text)}\n"
                f"The whole log is in {log}"
            )
        conf.unlink()
        log.unlink()


def odoo_command(*arguments):
    """Odoo's command line, in every kind of source tree; with workers it starts itself again."""
    return [sys.executable, str(SCRIPT), *map(str, arguments)]


def run_child(command, **options):
    """Run a command to its end, stopping it when we are stopped; its exit code."""
    with started(command, **options) as child:
        return child.wait()


@contextlib.contextmanager
def started(command, **options):
    """A child process that does not outlive the block.

    In a session of its own it gets Ctrl-C once, from us, and not from the terminal, too: Odoo
    takes a second one as the order to drop everything. Its id is noted for ``make stop``, for the
    case that we are killed and cannot stop it.
    """
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True, cwd=ROOT, **options
    )
    note = left_over.note(child.pid)
    try:
        yield child
    finally:
        _stop_group(child)
        note.unlink(missing_ok=True)


def _stop_group(child, patience=15):
    """End a child and everything it started: politely, then for certain."""
    for signum, seconds in ((signal.SIGINT, patience), (signal.SIGKILL, 5)):
        if child.poll() is None:
            child.send_signal(signum)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _failed_to_load(text):
    """Odoo exits with 0 although a module could not be loaded or found."""
    signs = ("Failed to load registry", "invalid module names", "Some modules are not loaded")
    return any(sign in text for sign in signs)


def _telling_part(text):
    """The first traceback or error of a log, else its end."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if "invalid module names" in line:
            return line
        if " CRITICAL " in line or " ERROR " in line:
            return "\n".join(lines[number : number + 2 * SHOWN_LOG_LINES])
    return "\n".join(lines[-SHOWN_LOG_LINES:])
