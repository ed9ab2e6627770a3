"""A PostgreSQL server of one's own, so that it may crash: nobody else works on it."""

import os
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2

from . import embedded_pg


class OwnPostgres(embedded_pg._Embedded):
    """The embedded server again, on a data folder that is thrown away."""

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="own-pg-"))
        self.home.chmod(0o755)
        self.data, self.log = self.home / "data", self.home / "log"
        self.socket_folder = self.home / "socket"
        self.socket_folder.mkdir(mode=0o700)
        self._own(self.home)
        self._own(self.socket_folder)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        """Stop the server and throw its data away."""
        self._run("pg_ctl", "-D", str(self.data), "stop", "-w", "-m", "immediate", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def crash(self):
        """Stop at once, as when the power fails, and start again."""
        self._run("pg_ctl", "-D", str(self.data), "stop", "-w", "-m", "immediate")
        self.start()

    @property
    def options(self):
        """How an Odoo process reaches it."""
        return {
            "db_host": str(self.socket_folder),
            "db_port": embedded_pg.PORT,
            "db_user": embedded_pg.ROLE,
            "db_password": "",
        }

    def copy(self, dbname):
        """Copy a database of the server that Odoo is configured for to this one."""
        # where this is used Odoo is there, and configured; where it is imported it may not be
        from odoo.tools import config

        theirs = {
            "PGHOST": config["db_host"],
            "PGPORT": config["db_port"],
            "PGUSER": config["db_user"],
            "PGPASSWORD": config["db_password"],
        }
        ours = {"PGHOST": self.socket_folder, "PGPORT": embedded_pg.PORT, "PGUSER": "odoo"}
        with tempfile.TemporaryDirectory() as folder:
            dump = f"{folder}/dump"
            self._tool("pg_dump", "-Fd", "-j4", "-Z0", "-f", dump, dbname, server=theirs)
            self._tool("createdb", "-T", "template0", dbname, server=ours)
            self._tool("pg_restore", "-j4", "--no-owner", "-d", dbname, dump, server=ours)

    def _tool(self, program, *arguments, server):
        known = {name: str(value) for name, value in server.items() if value}
        subprocess.run(
            [str(self.binaries / "bin" / program), *arguments],
            env={**os.environ, **known},
            check=True,
            capture_output=True,
        )

    def fetch(self, dbname, query):
        """Return the rows of a query as dicts, committed."""
        with closing(
            psycopg2.connect(
                host=str(self.socket_folder),
                port=embedded_pg.PORT,
                user=embedded_pg.ROLE,
                dbname=dbname,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query.code, query.params)
                names = [column.name for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor] if names else []
