import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

PLAIN = {"char", "text", "html", "integer", "float", "monetary", "boolean", "selection", "json"}
DATES = {"date", "datetime"}
# Fields that say nothing about how the suite decides.
IGNORED = {*models.MAGIC_COLUMNS, "color", "parent_path", "message_main_attachment_id"}


class ExceptionVersionedValues(models.AbstractModel):
    """The state of a configured record as plain data: what a version keeps."""

    _inherit = "exception.versioned.base"

    @api.model
    def _versioned_fields(self):
        """Return the names of the fields that belong to a version.

        All that people may set; what addons add belongs to it by itself.
        """
        return [
            name
            for name, field in self._fields.items()
            if (field.store or field.company_dependent)
            and name not in IGNORED
            and not name.startswith(("message_", "activity_"))
            and not field.related
            and not field.readonly
            and (field.type in PLAIN | DATES or field.type in ("many2one", "many2many"))
        ]

    @api.model
    def _versioned_children(self):
        """Return the names of the one2many fields whose lines belong to a version."""
        return []

    @api.model
    def _version_worth(self, state):
        """Tell whether a record in this state is worth its first version."""
        return True

    def _version_title(self):
        """Return how a record is called in the list of versions."""
        return self.display_name or self._description

    def _version_name(self):
        """Return how a line is called in a difference."""
        self.ensure_one()
        return self.display_name or ""

    def _version_key(self):
        """Return what makes a line the same line after it was deleted and made anew."""
        self.ensure_one()
        return self._version_name()

    def _version_states(self):
        """Return {id: state} of these records, as ``tools/config_values.py`` describes it."""
        # sudo: a version holds the whole record, whoever changes a part of it; words are read in
        # the language that all databases have
        records = self.sudo().with_context(active_test=False, lang="en_US", bin_size=False)
        names = self._versioned_fields()
        words = records._version_words([n for n in names if self._fields[n].translate])
        states = {}
        for record in records:
            values = {
                name: {"words": words[record.id][name]}
                if self._fields[name].translate
                else record._version_value(name)
                for name in names
            }
            lines = {name: record[name]._version_lines() for name in self._versioned_children()}
            states[record.id] = {"fields": values, "lines": lines}
        return states

    def _version_lines(self):
        states = self._version_states()
        return [
            {
                "id": line.id,
                "name": line._version_name(),
                "key": line._version_key(),
                **states[line.id],
            }
            for line in self
        ]

    def _version_value(self, name):
        """Return one value as plain data."""
        field = self._fields[name]
        if field.company_dependent:
            # sudo: as in _version_states
            companies = self.env["res.company"].sudo().search([], order="id")
            values = {
                str(company.id): self.with_company(company)._version_plain(name)
                for company in companies
            }
            return {"companies": values}
        return self._version_plain(name)

    def _version_digest(self, name):
        """Return a secret value as what tells only whether it changed."""
        text = str(self[name] or "")
        return {"hidden": hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""}

    def _version_plain(self, name):
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return {"ref": [value.id, value.display_name]} if value else None
        if field.type == "many2many":
            return {"refs": [[record.id, record.display_name] for record in value]}
        if field.type in DATES:
            return fields.Datetime.to_string(value) if value else None
        if field.type in ("integer", "float", "monetary", "boolean"):
            return value
        return value or None

    def _version_words(self, names):
        """Return {id: {field: {language: text}}} of translated fields: one statement."""
        if not names or not self.ids:
            return {record_id: {} for record_id in self.ids}
        self.flush_recordset(names)
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.cr.execute(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                columns,
                SQL.identifier(self._table),
                self.ids,
            )
        )
        return {
            row["id"]: {name: row[name] or {} for name in names}
            for row in self.env.cr.dictfetchall()
        }
