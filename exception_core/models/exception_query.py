import inspect
from contextlib import suppress

from odoo import _, api, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.at_hand import NotAtHand
from ..tools.released import RELEASED


class ExceptionQuery(models.AbstractModel):
    """Home of the released detector queries.

    A vertical inherits this model and adds methods decorated with
    :func:`~odoo.addons.exception_core.tools.released.released_query`.
    """

    _name = "exception.query"
    _description = "Released detector queries"

    @api.model
    @tools.ormcache()
    def _released(self):
        """Return the released queries of all installed addons.

        :return: code → (method name, ReleasedQuery); plain values, since it is cached
        """
        methods = inspect.getmembers(type(self), inspect.isfunction)
        marks = ((name, getattr(method, RELEASED, None)) for name, method in methods)
        return {mark.code: (name, mark) for name, mark in marks if mark}

    @api.model
    def _build(self, code, request):
        """Return the select of a released query.

        :param str code: code of the query
        :param HitRequest request: instant and parameters
        :return: :class:`odoo.tools.SQL`
        :raise ValidationError: when no installed addon releases this code
        """
        name, _mark = self._released().get(code) or (None, None)
        if not name:
            raise ValidationError(
                _(
                    "The query “%s” is not installed (any more). Install the addon that brings "
                    "it, or switch the detector off.",
                    code,
                )
            )
        return getattr(self, name)(request)

    @api.model
    def _may_hit(self, code, request, records):
        """Tell whether a released query may find any of these records, by what memory holds.

        A query ``<code>`` may have a method ``_may_hit_<code>(self, request, records)`` beside it.
        It must be true for every hit, and when memory does not hold what it needs to know
        (``tools/at_hand.py``): it costs no statement. What it leaves open is asked of the gate.
        """
        may_hit = getattr(self, f"_may_hit_{code}", None)
        return may_hit(request, records) if may_hit else True

    @api.model
    def _gate(self, code, request):
        """Return the gate of a released query, see ``exception.detector._pass_gates``.

        A query ``<code>`` may have a method ``_gate_<code>`` beside it, which returns a condition
        on the checked record (its table's name is its alias) that every hit meets. It should say
        as cheaply as possible why an ordinary record cannot be a hit.

        :return: :class:`odoo.tools.SQL`, or None for a query without
        """
        gate = getattr(self, f"_gate_{code}", None)
        return gate(request) if gate else None

    @api.model
    def _often_empty(self, model):
        """Return the many2many fields of a model that a step asks along with its gates.

        Where a document has none of them, memory knows it from then on. Name those that
        ``_may_hit_<code>`` asks for and that nothing reads before the commit.
        """
        return ()

    @api.model
    def _has_any(self, model, name):
        """Return a gate: the checked record has anything in a many2many field.

        :return: :class:`odoo.tools.SQL`, the same for the same field
        """
        records = self.env[model]
        field = records._fields[name]
        return SQL(
            "EXISTS (SELECT FROM %s link WHERE link.%s = %s)",
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
            SQL.identifier(records._table, "id"),
        )

    @api.model
    def _note_closed(self, code, request, records):
        """Let a query remember that its gate was closed for records that are about to take a step.

        A query ``<code>`` may have a method ``_note_closed_<code>(self, request, records)``, for a
        ``_may_hit_<code>`` that can tell from it that the gate is still closed after the step. It
        is called for each set of parameters that the gate was closed for.
        """
        note = getattr(self, f"_note_closed_{code}", None)
        if note:
            # what memory does not hold cannot be remembered
            with suppress(NotAtHand):
                note(request, records)
