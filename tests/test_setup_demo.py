"""The demo data loads whole, and brings the people that ``make run`` tells of."""

import contextlib
import os
from pathlib import Path

from passlib.context import CryptContext

from odoo.tools import config

from desk import templates
from desk.logins import LOGINS
from desk.odoo_process import Desk
from desk.odoo_source import OdooSource
from desk.postgres import Server


def test_everybody_of_the_demo_can_log_in():
    """Making the template fails where Odoo would only note that demo data could not be loaded."""
    options = (config[name] or "" for name in ("db_host", "db_port", "db_user", "db_password"))
    server = Server(*map(str, options))
    desk = Desk(OdooSource(Path(os.environ["ODOO_HOME"])), server)
    template = templates.ensure(desk, demo=True)
    with contextlib.closing(server.connect(template)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT login, password FROM res_users WHERE active")
        hashes = dict(cursor.fetchall())
    context = CryptContext(["pbkdf2_sha512"])
    for login, _role in LOGINS:
        assert context.verify(login, hashes.get(login)), f"{login} cannot log in as {login}"
