"""Insert many rows by plain SQL, where the ORM would take minutes."""

from psycopg2.extras import execute_values


def take_ids(cr, table, count):
    """Return ids from the table's own sequence, so that the ORM goes on after them."""
    cr.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        (table, count),
    )
    return [row[0] for row in cr.fetchall()]


def insert_rows(cr, table, rows, stamps=None):
    """Insert dicts that share their keys.

    :param str table: table name, a constant of the caller
    :param list rows: values by column
    :param dict stamps: columns with the same value in every row
    """
    if not rows:
        return
    columns = list(rows[0])
    stamps = stamps or {}
    names = ", ".join(f'"{name}"' for name in [*columns, *stamps])
    values = [tuple(row[name] for name in columns) + tuple(stamps.values()) for row in rows]
    # the names are constants of the callers; values go as parameters
    execute_values(cr._obj, f'INSERT INTO "{table}" ({names}) VALUES %s', values, page_size=2000)
