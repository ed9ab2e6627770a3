"""Finding a PostgreSQL server: PG* variables, a local server, else the embedded one."""

import contextlib
import getpass
import os
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from . import embedded_pg
from .console import SetupError, say

VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
OLDEST_VERSION = 120000


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server. ``host`` may be a socket folder."""

    host: str
    port: str
    user: str
    password: str = ""

    def connect(self, database="postgres"):
        """A connection that commits each statement at once, as CREATE DATABASE demands."""
        connection = psycopg2.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def environment(self):
        """The same as PG* variables, for psql and the like."""
        values = (self.host, self.port, self.user, self.password)
        return {name: value for name, value in zip(VARIABLES, values, strict=True) if value}


@contextlib.contextmanager
def available(environ=os.environ):
    """A server for as long as the block lasts; what was started for it is stopped after it."""
    server = _from_variables(environ) or _local()
    if server:
        yield server
        return
    with embedded_pg.running() as (host, port):
        yield Server(host, port, embedded_pg.ROLE)


def objection(server):
    """Why this server cannot be used, or None."""
    if server.user == "postgres":
        return "Odoo refuses to work as the database user 'postgres'"
    try:
        with contextlib.closing(server.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user")
            may_create = cursor.fetchone()[0]
            version = connection.server_version
    except psycopg2.OperationalError as error:
        return str(error).strip()
    if version < OLDEST_VERSION:
        return f"it is PostgreSQL {version // 10000}, and Odoo 17 needs 12 or newer"
    return None if may_create else f"the role {server.user!r} may not create databases"


def _from_variables(environ):
    """The server that the user named: if it does not work, that is an error."""
    if not any(environ.get(name) for name in VARIABLES):
        return None
    server = Server(
        environ.get("PGHOST") or "localhost",
        environ.get("PGPORT") or "5432",
        environ.get("PGUSER") or getpass.getuser(),
        environ.get("PGPASSWORD") or "",
    )
    reason = objection(server)
    if reason:
        raise SetupError(
            f"PostgreSQL at {server.host}:{server.port}, named by the PG* variables, cannot be "
            f"used: {reason}.\n"
            "Set PGHOST, PGPORT, PGUSER and PGPASSWORD to a role with CREATEDB that is not "
            "'postgres', or unset them all to use the embedded server."
        )
    say(f"PostgreSQL: {server.host}:{server.port} as {server.user} (PG* variables)")
    return server


def _local():
    """A server on this machine in which the current user may create databases."""
    user = getpass.getuser()
    folders = [name for name in SOCKET_FOLDERS if Path(name, ".s.PGSQL.5432").exists()]
    for host in (*folders, "localhost"):
        server = Server(host, "5432", user)
        reason = objection(server)
        if not reason:
            say(f"PostgreSQL: {host} as {user}")
            return server
        if host in folders:
            say(f"Passing over the PostgreSQL server in {host}: {reason.splitlines()[-1]}.")
    return None
