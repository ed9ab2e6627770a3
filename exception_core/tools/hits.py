"""The hit contract: what every detector's select returns, and how the engine wraps it.

A hit is one record in exception. Only ``res_id`` and ``company_id`` are required; what a select
leaves out is NULL. The dimensions a bridge adds to the case belong to the contract as well.
"""

from dataclasses import dataclass, field
from datetime import datetime

from odoo.tools import SQL

# Columns of the contract and the type a missing one is given as.
HIT_COLUMNS = {
    "res_id": "integer",
    "company_id": "integer",
    "fingerprint": "text",
    "partner_id": "integer",
    "amount": "numeric",
    "currency_id": "integer",
    "occurred_at": "timestamp",
    "facts": "jsonb",
}
REQUIRED_COLUMNS = ("res_id", "company_id")


@dataclass(frozen=True)
class HitRequest:
    """What a query method may know: the environment, the instant and its parameters.

    ``env`` is a superuser environment without record rules, ``now`` a naive UTC instant (never
    ask the database for the time: sweeps are repeated for other instants), ``params`` the values
    by parameter name for the companies that the select is made for, ``step`` the step that the
    records are about to take: a query judges them as if they had taken it (a quotation as the
    order it would be). None: as they are.
    """

    env: object
    now: datetime
    params: dict = field(default_factory=dict)
    step: str | None = None


def select_columns(source, present, wanted):
    """Select contract columns from a detector's select.

    :param SQL source: the detector's select
    :param present: names of the columns that ``source`` has
    :param dict wanted: column name → SQL type of a missing one
    :return: SQL select of ``wanted`` in order, NULL where ``source`` has no such column; an
        absent fingerprint is the empty string, because uniqueness needs a value
    """
    columns = []
    for name, sql_type in wanted.items():
        if name == "fingerprint":
            value = SQL("COALESCE(hit.fingerprint::text, '')") if name in present else SQL("''")
        elif name in present:
            value = SQL.identifier("hit", name)
        else:
            # sql_type comes from the constants of this module or a bridge's field, never from input
            value = SQL("CAST(NULL AS %s)", SQL(sql_type))
        columns.append(SQL("%s AS %s", value, SQL.identifier(name)))
    return SQL("SELECT %s FROM (%s) AS hit", SQL(", ").join(columns), source)


def key_select(source, present):
    """Select only what identifies a hit, so that its facts are not computed for known ones."""
    return select_columns(source, present, {"res_id": "integer", "fingerprint": "text"})


def restrict_ids(select, ids):
    """Restrict a select of hits to root records, in a way PostgreSQL pushes into the source."""
    if ids is None:
        return select
    return SQL("%s WHERE hit.res_id = ANY(%s)", select, list(ids))
