"""make test: pytest over the addons' tests and tests/, on throw-away databases."""

import os
import shlex
import sys

from . import addons, chromium, config, odoo_process, odoo_source, postgres, templates
from .console import SetupError, say
from .odoo_process import Desk
from .paths import ROOT, run_folder

# The browser's pictures of failed tests, for people to look at.
SCREENSHOTS = "screenshots"
# Each process needs a core for Odoo and, now and then, one for a browser.
MOST_PROCESSES = 4


def main(environ):
    """Run pytest with ARGS; without a path among them, over everything, in JOBS processes."""
    arguments = shlex.split(environ.get("ARGS") or "")
    browser = chromium.folder_for_path()
    source = odoo_source.find(environ)
    with postgres.available(environ) as server:
        desk = Desk(source, server)
        with templates.temporary_clone(desk, "test") as name:
            conf = _conf(desk, name)
            say("Running the tests ...")
            command = [sys.executable, "-m", "pytest", *_odoo_options(conf), *arguments]
            if not _names_a_path(arguments):
                command += [*_shared(environ.get("JOBS")), *test_folders()]
            return odoo_process.run_child(command, env=desk.environment(conf, browser))


def test_folders():
    """tests/ and the tests/ of each addon, relative to the repository."""
    folders = [addon.path / "tests" for addon in addons.find().values()] + [ROOT / "tests"]
    return [str(path.relative_to(ROOT)) for path in folders if any(path.glob("test_*.py"))]


def _shared(jobs):
    """Options that share the files among processes; JOBS=1 for one after the other."""
    if jobs and not jobs.isdecimal():
        raise SetupError(f"JOBS={jobs} is not a number of processes; try JOBS=2.")
    number = int(jobs or min(os.cpu_count() or 1, MOST_PROCESSES))
    return ["-n", str(number), "--dist", "loadfile"] if number > 1 else []


def _conf(desk, name):
    """Like make run, but jobs stay queued: a runner would work on the tests' open transactions."""
    return config.derive(
        "test",
        desk.source,
        desk.server,
        name,
        max_cron_threads=0,
        screenshots=run_folder() / SCREENSHOTS,
        queue_job={"channels": "root:0"},
    )


def _odoo_options(conf):
    return ["-p", "desk.pytest_plugin", "--odoo-http", f"--odoo-config={conf}"]


def _names_a_path(arguments):
    return any(os.path.exists(argument.split("::")[0]) for argument in arguments)
