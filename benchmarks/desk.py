"""The Odoo that is measured: a database of its own, reached as a worker process reaches it."""

import contextlib
import os

import odoo
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

MARK = "exception_benchmarks"


class Desk:
    """One registry on a database that may be filled and thrown away."""

    def __init__(self):
        odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"]])
        self.database = odoo.tools.config["db_name"]
        self.registry = odoo.registry(self.database)

    def claim(self):
        """Mark the database as ours; refuse one in which somebody has orders or cases.

        :raise SystemExit: with what to do instead
        """
        with self.env() as env:
            parameters = env["ir.config_parameter"]
            if parameters.get_param(MARK):
                return
            used = ("sale.order", "exception.case")
            if any(env[model].search_count([], limit=1) for model in used):
                raise SystemExit(
                    f"The database {self.database} has orders or cases. Benchmarks fill a database "
                    "with millions of rows; give them an empty one (make bench does)."
                )
            parameters.set_param(MARK, "1")

    @contextlib.contextmanager
    def env(self, user=SUPERUSER_ID, context=None):
        """An environment on a transaction of its own, committed at its end, as a request's is."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, user, context or {})

    def vacuum(self, *tables):
        """Give the planner what it has on a server that runs for a while."""
        with contextlib.closing(odoo.sql_db.db_connect(self.database).cursor()) as cr:
            cr.commit()
            cr._cnx.autocommit = True
            try:
                for table in tables:
                    cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))
            finally:
                cr._cnx.autocommit = False


@contextlib.contextmanager
def bulk(cr, table):
    """Insert many rows fast: indexes and foreign keys are taken off and put back at the end."""
    cr.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = %s::regclass AND NOT EXISTS (
                  SELECT FROM pg_constraint
                   WHERE conindid = indexrelid AND contype IN ('p', 'u'))""",
        [table],
    )
    indexes = cr.fetchall()
    cr.execute(
        """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = %s::regclass AND contype = 'f'""",
        [table],
    )
    keys = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    for name, _definition in keys:
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *map(SQL.identifier, (table, name))))
    yield
    # the definitions come from PostgreSQL's own catalogue
    for _name, definition in indexes:
        cr.execute(definition)  # pylint: disable=sql-injection
    for name, definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )
