from odoo import _, models
from odoo.exceptions import AccessError, ValidationError
from odoo.osv import expression
from odoo.tools import SQL

# Odoo lets people read these by their rights on the document that they belong to.
BY_DOCUMENT = {"ir.attachment", "mail.activity", "mail.message", "mail.tracking.value"}
# Fields that have no column that a condition or a fact could read.
REFUSED_TYPES = {"properties", "properties_definition", "binary", "json", "serialized"}


class ExceptionDetectorPaths(models.Model):
    """Which fields a detector may use: only what the database can evaluate by itself.

    Odoo logs and then *matches every record* for a condition on a field that is neither stored
    nor searchable (``odoo/osv/expression.py``), so field paths are walked here, when configured.
    """

    _inherit = "exception.detector"

    def _walk_path(self, model_name, path, single=True):
        """Follow a dotted field path and expand related fields to stored ones.

        :param str model_name: where the path begins
        :param str path: e.g. ``partner_id.country_id.code``
        :param bool single: refuse fields that hold several records, which would multiply hits
        :return: list of :class:`odoo.fields.Field`, all with a column (or inherited from one)
        :raise ValidationError: with the reason why the path cannot be used
        """
        model, walked = self.env[model_name], []
        names = path.split(".")
        while names:
            name = names.pop(0)
            field = self._usable_field(model, name, path)
            if field.related and not field.store and not field.inherited:
                names = field.related.split(".") + names
                continue
            if single and field.type in ("one2many", "many2many"):
                raise ValidationError(
                    _(
                        "“%(path)s” cannot be used here: “%(label)s” holds several records, and "
                        "one is needed.",
                        path=path,
                        label=self._field_label(field),
                    )
                )
            walked.append(field)
            if names:
                if not field.relational:
                    raise ValidationError(
                        _(
                            "“%(path)s” cannot be used: “%(label)s” does not lead further.",
                            path=path,
                            label=self._field_label(field),
                        )
                    )
                model = self.env[field.comodel_name]
        return walked

    def _usable_field(self, model, name, path):
        """Return a field that SQL can read, or say why it cannot."""
        field = model._fields.get(name)
        where = model._description
        if field is None:
            raise ValidationError(
                _(
                    "“%(path)s” cannot be used: %(model)s has no field “%(name)s” (any more).",
                    path=path,
                    model=where,
                    name=name,
                )
            )
        self._check_field_access(model, field, path)
        label = self._field_label(field)
        if field.company_dependent:
            raise ValidationError(
                _(
                    "“%(label)s” of %(model)s cannot be used: it has another value in each "
                    "company, so a sweep over all companies has none to read.",
                    label=label,
                    model=where,
                )
            )
        # an inherited field stands in another table, or nowhere
        stored = field.store or field.related and (not field.inherited or field.base_field.store)
        if not stored or field.type in REFUSED_TYPES:
            raise ValidationError(
                _(
                    "“%(label)s” of %(model)s cannot be used: it is not stored in the database, "
                    "Odoo computes it record by record. Choose a stored field instead.",
                    label=label,
                    model=where,
                )
            )
        return field

    def _check_model(self, model):
        """Refuse models whose records a sweep must not open cases on.

        Cases on the desk's own records would be hits again, without end. What belongs to another
        document is read by the rights of that document, which a sweep does not ask.
        """
        if model._name.startswith("exception."):
            raise ValidationError(_("A detector cannot check the records of the desk itself."))
        try:
            model.check_access_rights("read")
        except AccessError as error:
            raise ValidationError(_("You may not read %s.", model._description)) from error
        self._check_document_access(model)

    def _check_document_access(self, model):
        if model._name in BY_DOCUMENT and not self.env.is_system():
            raise ValidationError(
                _(
                    "Only a system administrator can let a detector read %s: who may read one "
                    "depends on the document it belongs to.",
                    model._description,
                )
            )

    def _check_field_access(self, model, field, path):
        """Refuse what the configuring person may not read: sweeps read as superuser."""
        self._check_document_access(model)
        try:
            model.check_access_rights("read")
            model.check_field_access_rights("read", [field.name])
        except AccessError as error:
            raise ValidationError(
                _(
                    "“%(path)s” cannot be used: you may not read “%(label)s” of %(model)s.",
                    path=path,
                    label=self._field_label(field),
                    model=model._description,
                )
            ) from error

    def _field_label(self, field):
        return field._description_string(self.env) or field.name

    def _check_domain_paths(self, model_name, domain):
        """Check every field of an evaluated domain, sub-domains of ``any`` included."""
        for leaf in domain:
            if not expression.is_leaf(leaf) or leaf in (
                expression.TRUE_LEAF,
                expression.FALSE_LEAF,
            ):
                continue
            fields_walked = self._walk_path(model_name, leaf[0], single=False)
            if leaf[1] in ("any", "not any"):
                self._check_domain_paths(fields_walked[-1].comodel_name, leaf[2])

    def _domain_leaves(self, domain):
        """Yield the field paths of a domain, those of ``any`` with their prefix."""
        for leaf in domain:
            if expression.is_leaf(leaf) and isinstance(leaf[0], str):
                yield leaf[0]
                if leaf[1] in ("any", "not any"):
                    yield from (f"{leaf[0]}.{path}" for path in self._domain_leaves(leaf[2]))

    def _path_to_sql(self, model, query, path):
        """Return the SQL of a field path, joining what it needs into ``query``.

        :param model: recordset of the query's model
        :param odoo.tools.query.Query query: gets LEFT JOINs along many2one fields
        :return: (SQL expression, last field)
        """
        alias, walked = query.table, self._walk_path(model._name, path)
        last = walked[-1]
        for field in walked[:-1]:
            alias, model = self._join(model, query, alias, field)
        return model._field_to_sql(alias, last.name, query), last

    def _join(self, model, query, alias, field):
        comodel = self.env[field.comodel_name]
        rhs = query.make_alias(alias, field.name)
        condition = SQL(
            "%s = %s",
            model._field_to_sql(alias, field.name, query),
            SQL.identifier(rhs, "id"),
        )
        query.add_join("LEFT JOIN", rhs, comodel._table, condition)
        return rhs, comodel
