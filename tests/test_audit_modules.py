"""The trail outlives an upgrade of its addon, and goes with it when it is uninstalled."""

import os
import subprocess

from odoo.tools import config as odoo_config

from desk import config, odoo_process, odoo_source, templates
from desk.odoo_process import Desk
from desk.postgres import Server

WRITE = """
case = env["exception.case"].create({
    "title": "Kept", "type_id": env["exception.type"].search([], limit=1).id,
})
env.cr.commit()
"""
SHOW = """
env["exception.audit.entry"]._seal()
check = env["exception.audit.check"]._run()
env.cr.execute("SELECT count(*), sum(hashtext(t::text)) FROM exception_audit_entry t")
print("TRAIL", check.state, check.finding, env.cr.fetchone())
env.cr.rollback()
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "exception_core")]).button_immediate_uninstall()
"""
GONE = """
env.cr.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'exception_audit%'")
functions = env.cr.fetchone()[0]
env.cr.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'exception_audit%'")
tables = env.cr.fetchone()[0]
partner = env["res.partner"].create({"name": "Saved"})
partner.name = "Saved again"
env.flush_all()
print("GONE", functions, tables, partner.name)
"""


class Shell:
    """Odoo's shell on a database of the test's own."""

    def __init__(self, desk, name):
        self.desk, self.name = desk, name
        self.conf = config.derive("audittest", desk.source, desk.server, name, log_level="error")

    def run(self, code, *options):
        """Run code in the shell and return what it printed."""
        command = odoo_process.odoo_command("shell", "-c", self.conf, "--no-http", *options)
        done = subprocess.run(
            command,
            input=code,
            env=self.desk.environment(self.conf),
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [line for line in done.stdout.splitlines() if line.startswith(("TRAIL", "GONE"))]


def test_upgrade_and_uninstall():
    options = ("db_host", "db_port", "db_user", "db_password")
    server = Server(*(str(odoo_config[name] or "") for name in options))
    desk = Desk(odoo_source.find(os.environ), server)
    with templates.temporary_clone(desk, "audittest") as name:
        shell = Shell(desk, name)
        shell.run(WRITE)
        (before,) = shell.run(SHOW)
        assert before.startswith("TRAIL whole"), before
        desk.install(name, update=["exception_core"])
        (after,) = shell.run(SHOW)
        assert after == before
        shell.run(UNINSTALL)
        assert shell.run(GONE) == ["GONE 0 0 Saved again"]
