from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.hits import HitRequest

# Stands for "a case holds the record" among the ids of detectors.
HOLDING = 0


class Undecided(NamedTuple):
    """What memory leaves open of a check, as plain values."""

    # ids of the detectors that may hit
    detectors: frozenset
    # (model, ids) of the records whose cases have to be asked for
    records: tuple

    @property
    def is_nothing(self):
        """Whether memory has answered all of it."""
        return not (self.detectors or self.records)


class ExceptionDetectorGates(models.Model):
    """Leaves out the detectors that can neither have a hit nor a case on the checked records.

    First memory is asked (``exception.query._may_hit``), which costs no statement, then one cheap
    condition a detector, all in one statement. What a step has asked is remembered until its
    transaction ends, so that an ordinary document needs nothing more before the commit.
    """

    _inherit = "exception.detector"

    # ------------------------------------------------------------------
    # memory
    # ------------------------------------------------------------------

    @api.model
    def _undecided(self, now, checks, step=None):
        """Return what memory does not answer; costs no statement.

        Before a step it may cost the reading of what the step reads in any case.
        :param checks: list of (detectors of one model, ids of its records)
        """
        # sudo: nothing is read or written but this transaction's memory
        cases = self.env["exception.case"].sudo()
        may_hit, records = set(), []
        for detectors, ids in checks:
            engine = detectors._as_engine()
            may_hit.update(one.id for one in engine if one._may_hit(now, ids, step))
            self._defined_ids().update(engine.ids)
            model = detectors[:1]._definition().model
            unknown = cases._not_noted_unknown(model, ids)
            if unknown:
                records.append((model, unknown))
        return Undecided(frozenset(may_hit), tuple(records))

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

    # ------------------------------------------------------------------
    # gates
    # ------------------------------------------------------------------

    @api.model
    def _pass_gates(self, now, checks, step=None, left=None):
        """Leave out the detectors that can neither have a hit nor a case on these records.

        A gate is a cheap condition on the record that every hit meets. All gates are tried in
        one statement over the records; what knows a case goes on, too, because it may have to be
        cleared, and so does a detector without a gate.

        :param checks: list of (detectors of one model, ids of its records)
        :param left: what memory left open of it, where that was asked before
        :return: the same for the detectors that have to look
        """
        left = left or self._undecided(now, checks, step)
        if left.is_nothing:
            return []
        selects, shared, open_to = [], {}, set()
        known = self._as_engine()._known_detectors(now, left.records, step)
        for detectors, ids in checks:
            gates = {}
            for id_, gate in self._asked_gates(detectors, left, now, step):
                if gate is None:
                    open_to.add(id_)
                else:
                    # the same gate is asked once, in the name of the first
                    text = (gate.code, str(gate.params))
                    first = gates.setdefault(text, (id_, gate))[0]
                    shared.setdefault(first, []).append(id_)
            if gates:
                table = self.env[detectors[:1]._definition().model]._table
                # the first one brings what is known: a row of its own is planned for much longer
                selects.append(self._gate_select(table, gates.values(), ids, known))
                known = SQL("NULL::integer[]")
        self.env.cr.execute(SQL(" UNION ALL ").join(selects or [SQL("SELECT %s", known)]))
        found = {id_ for (ids,) in self.env.cr.fetchall() for id_ in ids or ()}
        for id_ in found - {None}:
            open_to.update(shared.get(id_, (id_,)))
        if step:
            self._remember(now, checks, step, left, open_to)
        checks = [(detectors.filtered(lambda d: d.id in open_to), ids) for detectors, ids in checks]
        return [(detectors, ids) for detectors, ids in checks if detectors]

    @api.model
    def _asked_gates(self, detectors, left, now, step):
        """Yield (id, gate) of the detectors that are left, and of what a step has remembered."""
        for detector in detectors._as_engine():
            if detector.id in left.detectors:
                yield detector.id, detector._gate(now, step)
        if step:
            queries = self.env["exception.query"]
            model = detectors[:1]._definition().model
            for marker, name in self._asked_emptiness(model):
                # as a gate is written, so that one that asks the same is the same
                yield marker, SQL("(%s)", queries._has_any(model, name))

    @api.model
    def _asked_emptiness(self, model):
        """Return (a marker among ids of detectors, field) for what is asked along with gates."""
        return [
            (-1 - position, name)
            for position, name in enumerate(self.env["exception.query"]._often_empty(model))
        ]

    @api.model
    def _remember(self, now, checks, step, left, open_to):
        """Keep what a step's gates have answered in this transaction's memory.

        :param open_to: the detectors and markers whose gate was open or that know a case; with
            several models a marker stands for a field of each, and one that is open for all
        """
        # sudo: nothing is read or written but this transaction's memory
        cases = self.env["exception.case"].sudo()
        for detectors, ids in checks:
            model = detectors[:1]._definition().model
            if HOLDING not in open_to:
                cases._note_free(model, ids)
            # nothing but markers, which are below it
            if all(id_ < HOLDING for id_ in open_to):
                cases._note_unknown(model, ids)
            records = self.env[model].browse(ids)
            for marker, name in self._asked_emptiness(model):
                if marker not in open_to:
                    empty = [()] * len(records)
                    self.env.cache.insert_missing(records, records._fields[name], empty)
            for detector in detectors._as_engine():
                if detector.id in left.detectors and detector.id not in open_to:
                    detector._note_closed(now, step, records)

    def _note_closed(self, now, step, records):
        """Let the detector's query remember that its gate was closed for these records."""
        definition = self._definition()
        if definition.source != "query":
            return
        for params, _companies, _others in definition.parameter_sets:
            request = HitRequest(self.env, now, dict(params), step)
            self.env["exception.query"]._note_closed(definition.query, request, records)

    @api.model
    def _known_detectors(self, now, records, step=None):
        """Select an array of the detectors that know a case of the records that they check.

        Before a step ``HOLDING`` is among them when a case holds one of the records.
        :param records: list of (model, ids)
        """
        if not records:
            return SQL("NULL::integer[]")
        holding = SQL("OR (c.is_open AND c.hold_step IS NOT NULL)") if step else SQL()
        conditions = [
            SQL("(c.res_model = %s AND c.res_id = ANY(%s))", model, list(ids))
            for model, ids in records
        ]
        return SQL(
            """(SELECT array_agg(CASE WHEN c.is_open AND c.hold_step IS NOT NULL THEN %s
                                      ELSE c.detector_id END)
                     || array_agg(c.detector_id) FROM exception_case c
                 WHERE (%s) AND (c.condition_active OR c.accepted_until > %s %s))""",
            HOLDING,
            SQL(" OR ").join(conditions),
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
