from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools import SQL

from ..tools.hits import HitRequest, key_select, restrict_ids

# Stands for "a case holds the record" among the ids of detectors.
HOLDING = 0


class Definition(NamedTuple):
    """What a detector's keys are selected from, as plain values that a cache may hold."""

    model: str
    source: str
    query: str
    domain: str
    columns: tuple
    parameter_sets: tuple
    hold_step: str


class ExceptionDetectorPlan(models.Model):
    """What makes the path of the save cheap.

    Its keys are compiled from cached plain values, so that no detector is read, and gates leave
    out the detectors that cannot hit. Both matter: PostgreSQL plans a statement over ten ordinary
    query detectors in 25 ms, and runs it in 2; Odoo resets its connections for each request, so
    plans cannot be kept.
    """

    _inherit = "exception.detector"

    @tools.ormcache("self.id")
    def _definition(self):
        """Return what the keys follow from; any change of the detector drops it."""
        self.ensure_one()
        sets = [
            (tuple(params.items()), tuple(companies), tuple(others))
            for params, companies, others in self._parameter_sets()
        ]
        columns = self._columns() if self.source == "query" else ("res_id", "company_id")
        return Definition(
            model=self.model_id.model,
            source=self.source,
            query=self.query,
            domain=self.domain or "[]",
            columns=columns,
            parameter_sets=tuple(sets),
            hold_step=self.holds and self.hold_step or None,
        )

    def _keyed(self, now, ids=None, step=None):
        """Select the keys of a detector's hits with the detector's id.

        :param ids: restrict to these records; None: all
        :param step: judge the records as if they had taken this step
        """
        engine = self._as_engine()
        definition = engine._definition()
        keys = restrict_ids(engine._keys(definition, now, step), ids)
        if definition.hold_step and not step:
            # what was found before the step stays in exception until it is put right
            refused = engine._keys(definition, now, definition.hold_step)
            keys = SQL("%s UNION %s", keys, engine._only_known(refused, ids))
        return SQL("SELECT CAST(%s AS integer) AS detector_id, k.* FROM (%s) AS k", self.id, keys)

    def _keys(self, definition, now, step):
        branches = [
            self._company_branch(
                self._compile_keys(definition, now, dict(params), step),
                list(companies),
                list(others),
            )
            for params, companies, others in definition.parameter_sets
        ]
        return key_select(self._union(branches, definition.columns), definition.columns)

    def _compile_keys(self, definition, now, params, step):
        if definition.source == "query":
            request = HitRequest(self.env, now, params, step)
            return self.env["exception.query"]._build(definition.query, request)
        model = self.env[definition.model]
        domain = self._evaluate_domain(now, params, definition.domain)
        query = model._where_calc(self._as_if_taken(model, domain, step))
        company = SQL("NULL::integer")
        if len(definition.parameter_sets) > 1:
            company = self._company_to_sql(model, query)
        return query.select(
            SQL("%s AS res_id", SQL.identifier(query.table, "id")), SQL("%s AS company_id", company)
        )

    # ------------------------------------------------------------------
    # gates
    # ------------------------------------------------------------------

    @api.model
    def _pass_gates(self, now, checks, step=None):
        """Leave out the detectors that can neither have a hit nor a case on these records.

        A gate is a cheap condition on the record that every hit meets. All gates are tried in
        one statement over the records; what knows a case goes on, too, because it may have to be
        cleared, and so does a detector without a gate.

        :param checks: list of (detectors of one model, ids of its records)
        :return: the same for the detectors that have to look
        """
        selects, shared, open_to = [], {}, set()
        known = self._as_engine()._known_detectors(now, checks, step)
        for detectors, ids in checks:
            gates = {}
            for detector in detectors._as_engine():
                if not detector._may_hit(now, ids, step):
                    continue
                gate = detector._gate(now, step)
                if gate is None:
                    open_to.add(detector.id)
                else:
                    # detectors with the same gate ask it once, in the name of the first
                    text = (gate.code, str(gate.params))
                    first = gates.setdefault(text, (detector.id, gate))[0]
                    shared.setdefault(first, []).append(detector.id)
            if gates:
                table = self.env[detectors[:1]._definition().model]._table
                # the first one brings what is known: a row of its own is planned for much longer
                selects.append(self._gate_select(table, gates.values(), ids, known))
                known = SQL("NULL::integer[]")
        self.env.cr.execute(SQL(" UNION ALL ").join(selects or [SQL("SELECT %s", known)]))
        found = {id_ for (ids,) in self.env.cr.fetchall() for id_ in ids or ()}
        for detector_id in found:
            open_to.update(shared.get(detector_id, (detector_id,)))
        if step and HOLDING not in found:
            self._note_free(checks)
        checks = [(detectors.filtered(lambda d: d.id in open_to), ids) for detectors, ids in checks]
        return [(detectors, ids) for detectors, ids in checks if detectors]

    @api.model
    def _note_free(self, checks):
        """Remember that no case holds the records of these checks."""
        for detectors, ids in checks:
            model = detectors[:1]._definition().model
            # sudo: nothing is read or written but this transaction's memory
            self.env["exception.case"].sudo()._note_free(model, ids)

    def _may_hit(self, now, ids, step):
        """Tell whether the detector may find one of these records, by what memory holds."""
        definition = self._definition()
        if definition.source != "query":
            return True
        records = self.env[definition.model].browse(ids)
        return any(
            self.env["exception.query"]._may_hit(
                definition.query, HitRequest(self.env, now, dict(params), step), records
            )
            for params, _companies, _others in definition.parameter_sets
        )

    @api.model
    def _known_detectors(self, now, checks, step=None):
        """Select an array of the detectors that know a case of the records that they check.

        Before a step ``HOLDING`` is among them when a case holds one of the records.
        """
        holding = SQL("OR (c.is_open AND c.hold_step IS NOT NULL)") if step else SQL()
        records = [
            SQL(
                "(c.res_model = %s AND c.res_id = ANY(%s))",
                detectors[:1]._definition().model,
                list(ids),
            )
            for detectors, ids in checks
        ]
        return SQL(
            """(SELECT array_agg(CASE WHEN c.is_open AND c.hold_step IS NOT NULL THEN %s
                                      ELSE c.detector_id END)
                     || array_agg(c.detector_id) FROM exception_case c
                 WHERE (%s) AND (c.condition_active OR c.accepted_until > %s %s))""",
            HOLDING,
            SQL(" OR ").join(records),
            now.date(),
            holding,
        )

    @api.model
    def _gate_select(self, table, gates, ids, known):
        """Select the ids of the detectors whose gate is open for any of the records.

        :param known: an array of ids to add
        """
        passed = [SQL("CASE WHEN bool_or(%s) THEN %s END", gate, id_) for id_, gate in gates]
        return SQL(
            "SELECT ARRAY[%s] || %s FROM %s WHERE id = ANY(%s)",
            SQL(", ").join(passed),
            known,
            SQL.identifier(table),
            list(ids),
        )

    def _gate(self, now, step=None):
        """Return a condition that every hit meets, or None when none is known."""
        definition = self._definition()
        gates = [
            self._compile_gate(definition, now, dict(params), step)
            for params, _companies, _others in definition.parameter_sets
        ]
        if any(gate is None for gate in gates):
            return None
        return SQL("(%s)", SQL(" OR ").join(gates))

    def _compile_gate(self, definition, now, params, step):
        if definition.source == "query":
            request = HitRequest(self.env, now, params, step)
            return self.env["exception.query"]._gate(definition.query, request)
        model = self.env[definition.model]
        domain = self._evaluate_domain(now, params, definition.domain)
        query = model._where_calc(self._as_if_taken(model, domain, step))
        # a condition on the record's own columns is its own gate
        own = query.from_clause.code == SQL.identifier(model._table).code
        return (query.where_clause or SQL("TRUE")) if own else None
