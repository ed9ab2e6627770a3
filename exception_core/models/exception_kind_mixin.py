from odoo import api, fields, models
from odoo.osv.expression import NEGATIVE_TERM_OPERATORS, TERM_OPERATORS_NEGATION
from odoo.tools import SQL


class ExceptionKindMixin(models.AbstractModel):
    """Says, searches and groups by what kind of record a technical name of a model stands for.

    The name stays in its column, ``_kind_column``; ``kind_id`` is the same in words. It is not
    stored: the words are looked up when somebody groups by them.
    """

    _name = "exception.kind.mixin"
    _description = "Kind of Record in Words"
    _kind_column = "res_model"

    kind_id = fields.Many2one(
        "ir.model",
        compute="_compute_kind_id",
        search="_search_kind_id",
        compute_sudo=True,  # what models are called is no secret
    )

    @api.depends(lambda self: [self._kind_column] if self._kind_column in self._fields else [])
    def _compute_kind_id(self):
        kinds = self.env["ir.model"]
        for record in self:
            name = record[self._kind_column]
            record.kind_id = kinds._get(name) if name else False

    @api.model
    def _search_kind_id(self, operator, value):
        # sudo: as in the field
        kinds = self.env["ir.model"].sudo()
        negative = operator in NEGATIVE_TERM_OPERATORS
        if negative:
            operator = TERM_OPERATORS_NEGATION[operator]
        values = value if isinstance(value, list | tuple | set) else [value]
        field = "name" if any(isinstance(one, str) for one in values) else "id"
        names = kinds.search([(field, operator, value)]).mapped("model") if any(values) else []
        domain = [(self._kind_column, "in", names)]
        if not all(values):
            # no name, or one that an addon which was removed knew
            known = kinds.search([]).mapped("model")
            domain = ["|", *domain, (self._kind_column, "not in", known)]
        return ["!", *domain] if negative else domain

    # ------------------------------------------------------------------
    # groups, in the order of the words
    # ------------------------------------------------------------------

    def _kind_alias(self, query):
        return query.left_join(self._table, self._kind_column, "ir_model", "model", "kind_id")

    def _read_group_groupby(self, groupby_spec, query):
        if groupby_spec != "kind_id":
            return super()._read_group_groupby(groupby_spec, query)
        # the column decides who may read it
        return SQL.identifier(self._kind_alias(query), "id"), [self._kind_column]

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "kind_id" or alias != self._table:
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        # one kind, one name: the groups stay as they are
        return SQL("%s %s %s", SQL.identifier(self._kind_alias(query), "model"), direction, nulls)
