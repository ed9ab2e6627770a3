"""Databases and what state they are in.

A database made here carries a marker: a comment on the database that tells what it is and whether
it is whole. It is written before the first step and completed after the last, so an interrupted
run shows. A database without a marker is somebody else's and is never dropped unless asked for.
"""

import contextlib
import json
import os
import shutil
from enum import Enum

import psycopg2.errors
from psycopg2 import sql

from .console import SetupError
from .paths import ODOO_DATA


class Condition(Enum):
    """What was found under a name, and so what may be done with it."""

    ABSENT = "there is no such database"
    EMPTY = "it has no tables, so nothing is lost by making it anew"
    BUILDING = "an earlier run was interrupted while it installed"
    UPDATING = "an earlier run was interrupted while it updated modules"
    READY = "it is whole"
    FOREIGN = "it holds an Odoo that was not set up by these commands"
    FOREIGN_BROKEN = "it was not set up by these commands and its installation is not finished"


@contextlib.contextmanager
def _cursor(server, database="postgres"):
    with contextlib.closing(server.connect(database)) as connection, connection.cursor() as cursor:
        yield cursor


def names(server):
    """All databases of the server."""
    with _cursor(server) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        return [row[0] for row in cursor.fetchall()]


def marker(server, name):
    """The marker of a database as a dictionary; empty when it has none."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with _cursor(server) as cursor:
        cursor.execute(query, [name])
        row = cursor.fetchone()
    try:
        values = json.loads(row[0]) if row and row[0] else {}
    except ValueError:
        return {}
    return values if isinstance(values, dict) and "state" in values else {}


def set_marker(server, name, **values):
    """Replace the marker."""
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with _cursor(server) as cursor:
        comment = sql.Literal(json.dumps(values, sort_keys=True))
        cursor.execute(statement.format(sql.Identifier(name), comment))


def condition(server, name):
    """What there is under this name."""
    if name not in names(server):
        return Condition.ABSENT
    state = marker(server, name).get("state")
    if state:
        return Condition[state.upper()]
    with _cursor(server, name) as cursor:
        cursor.execute("SELECT to_regclass('public.ir_module_module') IS NOT NULL")
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            return Condition.FOREIGN_BROKEN if cursor.fetchone()[0] else Condition.EMPTY
        cursor.execute("SELECT 1 FROM ir_module_module WHERE state LIKE 'to %' LIMIT 1")
        return Condition.FOREIGN_BROKEN if cursor.fetchone() else Condition.FOREIGN


def create(server, name, template="template0"):
    """A database that is marked as being built. From ``template0`` it is empty."""
    statement = "CREATE DATABASE {} TEMPLATE {}"
    if template == "template0":
        statement += " ENCODING 'UTF8' LC_COLLATE 'C'"
    with _cursor(server) as cursor:
        _disconnect_others(cursor, template)
        parts = map(sql.Identifier, (name, template))
        try:
            cursor.execute(sql.SQL(statement).format(*parts))
        except psycopg2.errors.ObjectInUse as error:
            raise SetupError(f"Another program uses the database {template}: {error}") from error
    set_marker(server, name, state="building")


def clone(server, template, name):
    """A copy of a database with its filestore and with secrets of its own."""
    create(server, name, template)
    shutil.rmtree(filestore(name), ignore_errors=True)
    if filestore(template).exists():
        # Odoo names these files by their content and never changes one: links will do.
        shutil.copytree(filestore(template), filestore(name), copy_function=_link)
    with _cursor(server, name) as cursor:
        cursor.execute(
            "UPDATE ir_config_parameter SET value = gen_random_uuid()::text "
            "WHERE key IN ('database.uuid', 'database.secret')"
        )


def set_address(server, name, url):
    """Let the links of mails lead to where the database is served, unless they lead elsewhere."""
    with _cursor(server, name) as cursor:
        cursor.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url' "
            "AND value ~ '^http://(localhost|127[.]0[.]0[.]1)(:[0-9]+)?$'",
            [url],
        )


def drop(server, name):
    """Drop a database with its filestore, whoever is connected."""
    with _cursor(server) as cursor:
        _disconnect_others(cursor, name)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name):
    """The folder of a database's attachments."""
    return ODOO_DATA / "filestore" / name


def demo_failures(server, name):
    """What Odoo could not load as demo data: it notes that and goes on as if nothing were."""
    with _cursor(server, name) as cursor:
        cursor.execute(
            "SELECT m.name, f.error FROM ir_demo_failure f JOIN ir_module_module m "
            "ON m.id = f.module_id ORDER BY m.name"
        )
        return cursor.fetchall()


def installed_modules(server, name):
    """Names of the modules that are installed."""
    with _cursor(server, name) as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        return {row[0] for row in cursor.fetchall()}


def logins(server, name):
    """Logins of a database that was set up here; of others nothing is known about passwords."""
    if not marker(server, name):
        return set()
    with _cursor(server, name) as cursor:
        cursor.execute("SELECT login FROM res_users WHERE active")
        return {row[0] for row in cursor.fetchall()}


def _disconnect_others(cursor, name):
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid() AND usename = current_user",
        [name],
    )


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
