"""What pytest needs on top of pytest-odoo: a browser that is missing fails its tests.

Odoo skips a browser test when it finds no Chromium, cannot start it, or has no websocket client,
and an HTTP test when no server was started. A skip looks like success, so it is turned into a
failure here.

Where the tests are shared among processes, each works on a database of its own.

Passwords of the people whom tests make are hashed cheaply: at full strength one takes half a
second, and nearly every class of tests makes eight people who never type theirs.
"""

import contextlib
import os

import pytest
import pytest_odoo

import odoo

from . import templates
from .postgres import Server

MISSING_PARTS = (
    "Chrome executable not found",
    "Failed to detect chrome devtools port",
    "websocket-client module is not installed",
    "--odoo-http is not set",
)


def pytest_configure(config):
    """Let a process that shares the tests with others clone its database itself.

    pytest-odoo would call createdb, which the embedded server's users need not have.
    """
    if os.environ.get("PYTEST_XDIST_WORKER"):
        pytest_odoo._worker_db_name = _own_database


@contextlib.contextmanager
def _own_database():
    """A clone of the database under test, with its filestore, for this process."""
    options = odoo.tools.config
    names = ("db_host", "db_port", "db_user", "db_password")
    server = Server(*(str(options[name] or "") for name in names))
    with templates.clone_of(server, options["db_name"], "testworker") as name:
        options["db_name"] = name
        options["dbfilter"] = f"^{name}$"
        try:
            yield name
        finally:
            odoo.sql_db.close_db(name)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords(load_registry):
    """Hash passwords with one round; Odoo's own least is made to withstand guessing."""
    from odoo.addons.base.models import res_users

    res_users.MIN_ROUNDS = 1


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Replace the outcome of a test that was skipped for a missing part."""
    outcome = yield
    report = outcome.get_result()
    reason = skip_reason(report)
    if any(part in reason for part in MISSING_PARTS):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid}: this test needs what is missing here and must not be skipped: "
            f"{reason}\nInstall Chromium (Debian/Ubuntu: apt-get install chromium) or name one in "
            "CHROMIUM=, and run the tests with: make test"
        )


def skip_reason(report):
    """Why a test was skipped; empty if it was not."""
    if not report.skipped:
        return ""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
