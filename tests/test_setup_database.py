"""Half-made databases are told from whole ones, and other people's from ours."""

import contextlib
import os

import pytest

from odoo.tools import config

from desk import database, serving
from desk.console import SetupError
from desk.database import Condition
from desk.odoo_process import Desk
from desk.paths import CHECKOUT_ID
from desk.postgres import Server


@pytest.fixture
def server():
    """The server that the tests run on."""
    options = (config[name] or "" for name in ("db_host", "db_port", "db_user", "db_password"))
    return Server(*map(str, options))


@pytest.fixture
def name(server):
    """A name for a database, which is gone after the test."""
    name = f"desk_{CHECKOUT_ID}_setup_{os.getpid()}"
    yield name
    database.drop(server, name)


def run(server, name, *statements):
    with contextlib.closing(server.connect(name)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unmark(server, name):
    run(server, name, f'COMMENT ON DATABASE "{name}" IS NULL')


def make_foreign(server, name, state):
    """A database with an Odoo in it that carries no marker."""
    database.create(server, name)
    unmark(server, name)
    run(
        server,
        name,
        "CREATE TABLE ir_module_module (name varchar, state varchar)",
        f"INSERT INTO ir_module_module VALUES ('sale', '{state}')",
    )


def test_links_lead_to_where_it_is_served(server, name):
    database.create(server, name)
    values = "INSERT INTO ir_config_parameter VALUES ('web.base.url', '{}')"
    run(server, name, "CREATE TABLE ir_config_parameter (key varchar, value varchar)")
    for before, after in (
        ("http://localhost:8069", "http://127.0.0.1:8070"),
        ("https://shop.example.com", "https://shop.example.com"),
    ):
        run(server, name, "TRUNCATE ir_config_parameter", values.format(before))
        database.set_address(server, name, "http://127.0.0.1:8070")
        with contextlib.closing(server.connect(name)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT value FROM ir_config_parameter")
            assert cursor.fetchone() == (after,)


def test_absent(server, name):
    assert database.condition(server, name) is Condition.ABSENT


def test_interrupted_installation_shows(server, name):
    database.create(server, name)
    assert database.condition(server, name) is Condition.BUILDING


def test_finished_installation_shows(server, name):
    database.create(server, name)
    database.set_marker(server, name, state="ready", keys={"exception_core": "1"})
    assert database.condition(server, name) is Condition.READY
    assert database.marker(server, name)["keys"] == {"exception_core": "1"}


def test_empty_database_may_be_used(server, name):
    database.create(server, name)
    unmark(server, name)
    assert database.condition(server, name) is Condition.EMPTY


@pytest.mark.parametrize(
    ("state", "expected"),
    [("installed", Condition.FOREIGN), ("to install", Condition.FOREIGN_BROKEN)],
)
def test_other_peoples_database_is_known_as_such(server, name, state, expected):
    make_foreign(server, name, state)
    assert database.condition(server, name) is expected


def test_half_installed_foreign_database_is_refused_and_kept(server, name):
    make_foreign(server, name, "to install")
    with pytest.raises(SetupError, match="FRESH=1"):
        serving.prepare(Desk(source=None, server=server), name)
    assert name in database.names(server)
