from typing import NamedTuple

from odoo import models, tools
from odoo.tools import SQL

from ..tools.hits import HitRequest, key_select, restrict_ids


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

    Its keys are compiled from cached plain values, so that no detector is read, and gates
    (``exception_detector_gates.py``) leave out the detectors that cannot hit. Both matter:
    PostgreSQL plans a statement over ten ordinary query detectors in 25 ms, and runs it in 2; Odoo
    resets its connections for each request, so plans cannot be kept.
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

    @tools.ormcache()
    def _defined_ids(self):
        """Return the ids of detectors whose definition was read: a set that grows, and that goes
        when the caches go, as the definitions do.
        """
        return set()

    def _is_defined(self):
        """Tell whether the definitions of these detectors were read without an error."""
        return self._defined_ids().issuperset(self.ids)

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
