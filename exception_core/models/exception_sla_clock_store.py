import json

from odoo import api, models
from odoo.tools import SQL

# What a batch of clocks stores, and its type in the database.
COLUMNS = {
    "state": "varchar",
    "policy_id": "int4",
    "why": "jsonb",
    "calendar_id": "int4",
    "allotted": "int4",
    "used": "int4",
    "since": "timestamp",
    "deadline": "timestamp",
    "warn_at": "timestamp",
    "warned_at": "timestamp",
    "breached_at": "timestamp",
    "stopped_at": "timestamp",
    "restarts": "int4",
}


class ExceptionSlaClockStore(models.Model):
    """Clocks are stored in bulk: a statement for a batch, whatever its size.

    The cases of a sweep share few plans (type, severity and moment decide), so a statement
    carries each distinct plan once, and for each clock its id and the number of its plan.
    """

    _inherit = "exception.sla.clock"

    @api.model
    def _store_new(self, rows):
        """Insert clocks.

        :param rows: list of (case id, kind, values of ``COLUMNS`` as a tuple)
        :return: the clocks
        """
        source, places = self._plans_table([values for _case, _kind, values in rows])
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                """INSERT INTO exception_sla_clock
                          (case_id, kind, %(names)s, next_level_at, create_date, write_date)
                   SELECT it.case_id, it.kind, %(names)s,
                          -- as most levels have it: planning them finds little to change
                          CASE WHEN state = 'running' THEN warn_at END, %(now)s, %(now)s
                     FROM unnest(%(cases)s, %(kinds)s, %(places)s) AS it(case_id, kind, place)
                     JOIN %(source)s USING (place)
                    ORDER BY it.case_id, it.kind
                RETURNING id""",
                names=names,
                now=self.env.cr.now(),
                cases=[case for case, _kind, _values in rows],
                kinds=[kind for _case, kind, _values in rows],
                places=places,
                source=source,
            )
        )
        clocks = self.browse(row[0] for row in self.env.cr.fetchall())
        self._mirror_new(rows)
        clocks._schedule_new(sorted(rows, key=lambda row: row[:2]))
        clocks._rank_cases()
        return clocks

    def _store(self, rows):
        """Update these clocks with the values of ``COLUMNS``, a tuple for each clock."""
        if not self:
            return
        self.flush_recordset()
        source, places = self._plans_table(rows)
        assignments = SQL(", ").join(
            SQL("%s = plan.%s", SQL.identifier(name), SQL.identifier(name)) for name in COLUMNS
        )
        self.env.cr.execute(
            SQL(
                """UPDATE exception_sla_clock AS clock
                      SET %s, write_uid = %s, write_date = %s
                     FROM unnest(%s, %s) AS it(id, place) JOIN %s USING (place)
                    WHERE clock.id = it.id""",
                assignments,
                self.env.uid,
                self.env.cr.now(),
                self.ids,
                places,
                source,
            )
        )
        self.invalidate_recordset(flush=False)
        self._mirror(self.case_id.ids)
        self._follow_clocks()

    def _follow_clocks(self):
        """Bring in line what follows from clocks that were stored: levels, and the queue."""
        self._schedule_levels()
        self._rank_cases()

    def _rank_cases(self):
        if not self.env["exception.case"]._in_batch():
            # sudo: the score is the model's own; a batch ranks its cases once, by itself
            self.sudo().case_id._rescore()

    @api.model
    def _plans_table(self, rows):
        """Return the distinct plans as a table, and the place in it of each row."""
        numbers = {}
        places = [numbers.setdefault(values, len(numbers)) for values in rows]
        columns = [list(column) for column in zip(*numbers, strict=True)]
        arrays = [
            SQL("%s::%s[]", column, SQL(kind))
            for column, kind in zip(columns, COLUMNS.values(), strict=True)
        ]
        source = SQL(
            "unnest(%s::int4[], %s) AS plan(place, %s)",
            list(numbers.values()),
            SQL(", ").join(arrays),
            SQL(", ").join(map(SQL.identifier, COLUMNS)),
        )
        return source, places

    @api.model
    def _mirror(self, case_ids):
        """Show the deadlines of the clocks of these cases on the cases, where they differ."""
        cases = self.env["exception.case"].browse(case_ids)
        names = ["response_due", "date_due"]
        cases.flush_recordset(names)
        self.env.cr.execute(
            SQL(
                """UPDATE exception_case AS c
                      SET response_due = clocks.response, date_due = clocks.resolution
                     FROM (SELECT case_id,
                                  max(deadline) FILTER (WHERE kind = 'response') AS response,
                                  max(deadline) FILTER (WHERE kind = 'resolution') AS resolution
                             FROM exception_sla_clock WHERE case_id = ANY(%s)
                            GROUP BY case_id) AS clocks
                    WHERE c.id = clocks.case_id
                      AND (c.response_due, c.date_due)
                          IS DISTINCT FROM (clocks.response, clocks.resolution)
                RETURNING c.id, c.response_due, c.date_due""",
                list(set(case_ids)),
            )
        )
        found = self.env.cr.fetchall()
        moved = cases.browse([row[0] for row in found])
        for place, name in enumerate(names, 1):
            # what comes next in the batch reads them: not once more from the database
            self.env.cache.update(moved, cases._fields[name], [row[place] for row in found])
        cases.invalidate_recordset(["clock_ids"], flush=False)
        moved.modified(names)

    @api.model
    def _mirror_new(self, rows):
        """Show the deadlines of new clocks on their cases, which had none; rows as they come."""
        cases = self.env["exception.case"].browse(dict.fromkeys(row[0] for row in rows))
        deadline = list(COLUMNS).index("deadline")
        for name, wanted in (("response_due", "response"), ("date_due", "resolution")):
            due = {case_id: values[deadline] for case_id, kind, values in rows if kind == wanted}
            cases._keep(name, [due.get(case_id) for case_id in cases.ids])
        cases.invalidate_recordset(["clock_ids"], flush=False)
        cases.modified(["response_due", "date_due"])

    @api.model
    def _json(self, why):
        """Write what a line asks for as its column keeps it; the same text for the same line."""
        return json.dumps(why)
