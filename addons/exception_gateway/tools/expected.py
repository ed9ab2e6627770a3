"""The SQL that says whether an expected event came, as one anti-join."""

from odoo import _
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# An event of these states was understood and belongs to its record, whatever followed from it.
UNDERSTOOD = ("done", "ignored")


def came(model, steps, event_model, contracts, kinds, after_start):
    """Return the select of events that answer a hit, for use in EXISTS.

    :param model: empty recordset of the model of the hits
    :param steps: fields that lead from the hit to what events are about
    :param str event_model: where they end
    :param SQL contracts: select of the ids of contracts by which events count
    :param kinds: names of kinds that count; empty: all
    :param bool after_start: count only what came at or after the beginning of the wait
    """
    joins, column = _joins(model, steps)
    conditions = [
        SQL("event.res_model = %s", event_model),
        SQL("event.res_id = %s", column),
        SQL("event.contract_id IN (%s)", contracts),
        SQL("event.state IN %s", UNDERSTOOD),
    ]
    if kinds:
        conditions.append(SQL("event.name = ANY(%s)", kinds))
    if after_start:
        conditions.append(SQL("COALESCE(event.occurred_at, event.received_at) >= hit.occurred_at"))
    tables = SQL(", ").join([SQL("exception_event event"), *(table for table, _on in joins)])
    conditions += [on for _table, on in joins]
    return SQL("SELECT FROM %s WHERE %s", tables, SQL(" AND ").join(conditions))


def _joins(model, steps):
    """Follow fields from the hit; return ([(table, condition)], column of the last record)."""
    column, joins = SQL("hit.res_id"), []
    for number, field in enumerate(steps):
        alias = f"step{number}"
        if field.inherited:
            raise ValidationError(
                _("“%s” cannot be followed: it belongs to another kind of record.", field.name)
            )
        if field.type == "many2one":
            table = SQL.identifier(model.env[field.model_name]._table)
            on = SQL("%s = %s", SQL.identifier(alias, "id"), column)
            column = SQL.identifier(alias, field.name)
        elif field.type == "one2many":
            comodel = model.env[field.comodel_name]
            inverse = comodel._fields.get(field.inverse_name)
            if not inverse or inverse.type != "many2one" or not inverse.store:
                raise ValidationError(_("“%s” cannot be followed by the database.", field.name))
            table = SQL.identifier(comodel._table)
            on = SQL("%s = %s", SQL.identifier(alias, field.inverse_name), column)
            column = SQL.identifier(alias, "id")
        else:
            table = SQL.identifier(field.relation)
            on = SQL("%s = %s", SQL.identifier(alias, field.column1), column)
            column = SQL.identifier(alias, field.column2)
        joins.append((SQL("%s AS %s", table, SQL.identifier(alias)), on))
    return joins, column
