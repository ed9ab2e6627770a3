import json
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

# All stages of a batch are run for the first time, in one go. An object, because no client can
# send one in its context.
TOGETHER = object()


class ExceptionCasePending(models.Model):
    """What is decided on a batch waits in memory until all of it is known, and is written at once.

    With every UPDATE, PostgreSQL puts a row anew into each of its indexes, and checks each of its
    links once more when the row is of the same transaction. Stages that wrote one after the other
    cost more than everything that they find out.
    """

    _inherit = "exception.case"

    @api.model
    def _decides_together(self):
        """Tell whether the stages run in one go: what they find need not be written in between."""
        return self._in_batch() and self.env.context.get("exception_together") is TOGETHER

    def _keep(self, name, values):
        """Set a field in memory, to one value for each of these cases; a flush writes it."""
        self.env.cache.update(self, self._fields[name], values, dirty=True)

    @api.model
    def _flush_owned(self, names):
        """Write what is said of cases with an owner; those without one can wait."""
        waits = self._decides_together() and not self._is_pending("user_id")
        if not waits:
            self.flush_model(names)

    @api.model
    def _is_pending(self, name):
        return self._fields[name] in self.env.cache.get_dirty_fields()

    # ------------------------------------------------------------------
    # writing
    # ------------------------------------------------------------------

    def _flush(self, fnames=None):
        """Write what waits in memory; the ORM would take a statement for each different row."""
        if any(self._is_pending(name) for name in (self._fields if fnames is None else fnames)):
            self._flush_together()
        return super()._flush(fnames)

    @api.model
    def _flush_together(self):
        pending = defaultdict(list)
        fields = [field for name, field in self._fields.items() if self._is_pending(name)]
        for field in fields:
            for case_id in self.env.cache.get_dirty_records(self, field)._ids:
                pending[case_id].append(field)
        if len(pending) < 2:
            return
        groups = defaultdict(list)
        for case_id, changed in pending.items():
            groups[tuple(changed)].append(case_id)
        for field in fields:
            self.env.cache.clear_dirty_field(field)
        for changed, ids in groups.items():
            self.browse(sorted(ids))._write_from_memory(changed)

    def _write_from_memory(self, fields):
        names = {field.name for field in fields}
        assignments = [SQL("%s = new.%s", *[SQL.identifier(name)] * 2) for name in names]
        if "write_date" not in names:
            assignments.append(SQL("write_date = %s", self.env.cr.now()))
        if "write_uid" not in names:
            assignments.append(SQL("write_uid = %s", self.env.uid))
        self.env.cr.execute(
            SQL(
                # the ids twice, else the whole table is read for the join
                "UPDATE exception_case SET %s FROM %s"
                " WHERE exception_case.id = new.id AND exception_case.id = ANY(%s)",
                SQL(", ").join(assignments),
                self._memory(fields),
                self.ids,
            )
        )

    # ------------------------------------------------------------------
    # reading
    # ------------------------------------------------------------------

    def _as_decided(self):
        """Return the rows of these cases as they will be once written, as a table of their name."""
        pending = [
            field
            for field in self._fields.values()
            if self.env.cache.has_dirty_fields(self, [field])
        ]
        columns = [
            SQL("%s.%s", SQL("new" if field in pending else "stored"), SQL.identifier(field.name))
            for field in self._fields.values()
            if field.store and field.column_type
        ]
        return SQL(
            "(SELECT %s FROM exception_case AS stored JOIN %s ON new.id = stored.id"
            " WHERE stored.id = ANY(%s)) AS exception_case",
            SQL(", ").join(columns),
            self._memory(pending),
            self.ids,
        )

    def _memory(self, fields):
        """Return these fields of the cases, as they are in memory, as the table ``new``."""
        arrays = [SQL("%s::int4[]", self.ids)]
        for field in fields:
            if any(self.env.cache.get_missing_ids(self, field)):
                self.mapped(field.name)  # reads it for all of them at once
            values = list(self.env.cache.get_values(self, field))
            if field.type == "monetary":
                values = [
                    None if value is None else field.convert_to_column(value, case)
                    for value, case in zip(values, self, strict=True)
                ]
            elif field.type == "json":
                values = [None if value is None else json.dumps(value) for value in values]
            arrays.append(SQL("%s::%s[]", values, SQL(field.column_type[0])))
        names = ["id", *(field.name for field in fields)]
        return SQL(
            "unnest(%s) AS new(%s)",
            SQL(", ").join(arrays),
            SQL(", ").join(map(SQL.identifier, names)),
        )
