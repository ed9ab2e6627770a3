"""make test-n8n: every workflow template, against a real n8n and a served desk."""

import shlex
import shutil
import sys

from . import (
    config,
    database,
    gateway_key,
    n8n_package,
    odoo_process,
    odoo_source,
    ports,
    postgres,
    templates,
)
from .console import say
from .odoo_process import Desk
from .paths import ROOT, run_folder

TESTS = ROOT / "n8n" / "tests"


def main(environ):
    """Test all templates, or those that ARGS picks, on a database of their own."""
    n8n_package.ensure()
    source = odoo_source.find(environ)
    with postgres.available(environ) as server:
        desk = Desk(source, server)
        with templates.temporary_clone(desk, "n8n") as name:
            return run(desk, name, shlex.split(environ.get("ARGS") or ""))


def run(desk, name, arguments):
    """Run pytest over n8n/tests with a desk that serves this database; its exit code."""
    folder = run_folder() / "n8n-test"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    desk_port, n8n_port = ports.free(2)
    database.set_address(desk.server, name, f"http://127.0.0.1:{desk_port}")
    conf = config.derive(
        "n8n-test",
        desk.source,
        desk.server,
        name,
        http_port=desk_port,
        exception_gateway=gateway_key.options(),
    )
    environment = {
        **desk.environment(conf),
        "N8N_TEST_CONF": str(conf),
        "N8N_TEST_FOLDER": str(folder),
        "N8N_TEST_PORT": str(n8n_port),
        "N8N_TEST_WHOLE": "" if arguments else "1",
    }
    say(f"Testing the n8n templates (about ten minutes; logs: {folder}) ...")
    paths = [] if any(".py" in word for word in arguments) else [TESTS]
    # not the repository's own settings: these tests are no part of make test
    command = [sys.executable, "-m", "pytest", "-c", TESTS / "pytest.ini", "-v", *arguments]
    return odoo_process.run_child([*map(str, (*command, *paths))], env=environment)
