from collections import defaultdict

from odoo import api, models
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import SQL, float_repr

# What the ORM keeps for itself, and what is never in the values of a new case.
OWN = {*LOG_ACCESS_COLUMNS, "id", "parent_path"}


class ExceptionCaseInsert(models.Model):
    """New cases of a batch are stored field by field, not case by case.

    The ORM looks at a hundred fields of each new record one by one, and makes a scratch record for
    each amount to find its currency. For thousands of cases that took longer than all the rest.
    """

    _inherit = "exception.case"

    @api.model
    def _create(self, data_list):
        """Create records as the ORM does, and leave it what it does better."""
        names = sorted({name for data in data_list for name in data["stored"]})
        fields = [self._fields[name] for name in names]
        plain = all(field.column_type and not field.translate for field in fields)
        if not (plain and self._in_batch() and len(data_list) > 1):
            return super()._create(data_list)
        stored = [data["stored"] for data in data_list]
        columns = {field: self._column_values(field, stored) for field in fields}
        records = self._insert_columns(columns)
        for data, record in zip(data_list, records, strict=True):
            data["record"] = record
        self._cache_new(records, columns, stored)
        protected = defaultdict(list)
        for data in data_list:
            protected[frozenset(data["protected"])].append(data["record"].id)
        with self.env.protecting([(kept, self.browse(ids)) for kept, ids in protected.items()]):
            records.modified(self._fields, create=True)
        records._validate_fields(names)
        records.check_access_rule("create")
        return records

    @api.model
    def _insert_columns(self, columns):
        """Insert a row for each place in these lists of values; return the records in order."""
        count = len(next(iter(columns.values())))
        self.env.cr.execute(
            SQL("SELECT nextval('exception_case_id_seq') FROM generate_series(1, %s)", count)
        )
        records = self.browse(row[0] for row in self.env.cr.fetchall())
        arrays = [
            SQL("%s::%s[]", values, SQL(field.column_type[0])) for field, values in columns.items()
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_case (id, %s) SELECT * FROM unnest(%s, %s)",
                SQL(", ").join(SQL.identifier(field.name) for field in columns),
                records.ids,
                SQL(", ").join(arrays),
            )
        )
        return records

    @api.model
    def _column_values(self, field, stored):
        """Return the values of a field as the database takes them."""
        if field.type == "monetary":
            return [
                self._amount_text(field, vals) if field.name in vals else None for vals in stored
            ]
        return [
            field.convert_to_column(vals[field.name], self, vals) if field.name in vals else None
            for vals in stored
        ]

    @api.model
    def _amount_text(self, field, vals):
        """Round an amount by its currency, which the values of a new case name."""
        name = field.get_currency_field(self)
        if name == "company_currency_id":
            # sudo: the currency of a company is no secret
            currency = self.env["res.company"].sudo().browse(vals["company_id"]).currency_id
        else:
            currency = self.env["res.currency"].browse(vals[name])
        value = currency.round(float(vals[field.name] or 0.0))
        return float_repr(value, currency.decimal_places)

    @api.model
    def _cache_new(self, records, columns, stored):
        """Put new records into the cache as they are stored, and into the lists of others."""
        known = {field.name for field in columns} | OWN
        count = len(records)
        for field in self._fields.values():
            if field.type in ("one2many", "many2many"):
                self.env.cache.update(records, field, [()] * count)
            elif (field.related and not field.column_type) or (
                field.store and field.name not in known and not field.compute
            ):
                empty = field.convert_to_cache(None, records[0])
                self.env.cache.update(records, field, [empty] * count)
        for field, texts in columns.items():
            if field.type == "monetary":
                values = [float(text or 0.0) for text in texts]
            else:
                values = [
                    field.convert_to_cache(vals.get(field.name), record)
                    for record, vals in zip(records, stored, strict=True)
                ]
            self.env.cache.update(records, field, values)
            if field.type in ("many2one", "many2one_reference") and self.pool.field_inverses[field]:
                ids = defaultdict(list)
                for record_id, value in zip(records.ids, values, strict=True):
                    ids[value].append(record_id)
                for value, case_ids in ids.items():
                    field._update_inverses(self.browse(case_ids), value)
