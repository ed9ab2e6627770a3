import re

from odoo import api, models
from odoo.tools import SQL, email_normalize

from ..tools.event_path import find
from ..tools.refused import Refused

# A value that fits more records than this tells nothing.
MOST = 2000
# Other digits and signs are no identifiers.
INTEGER = re.compile(r"-?[0-9]{1,9}")
# Of these, a sender may name records; of others that begin like these, it may not.
NAMEABLE = {"exception.case"}
TECHNICAL = ("ir.", "res.users", "res.groups", "res.company", "exception.", "mail.", "bus.", "base")
# By which fields a named record is looked for when the sender gives its name, not its identifier.
NAMES = ("ref", "name", "code", "default_code", "reference", "number")


class ExceptionEventFind(models.Model):
    """Which record a message is about: each way of its contract is one search for the batch."""

    _inherit = "exception.event"

    def _find_records(self, works):
        """Find the records of these works, in their companies."""
        groups = {}
        for work in works:
            if not work.outcome:
                groups.setdefault((work.contract, work.company), []).append(work)
        for (contract, company), same in groups.items():
            for line in contract._lines("match_ids"):
                pending = [one for one in same if one.record is None and not one.several]
                if pending:
                    self._find_by(line, company, pending)
        self._find_partners([work for work in works if not work.outcome])

    def _find_by(self, line, company, works):
        """Find records in one way; the first value and the first place that find one decide."""
        wanted = {}
        for work in works:
            try:
                wanted[id(work)] = self._values_of(find(line._value_path(), work.form))
            except Refused as refused:
                self._end(work, "dead", refused)
        if line.how == "external_id":
            found = [self._by_external_id(company, works, wanted)]
        elif line.how == "named":
            found = self._by_name(company, works, wanted)
        else:
            found = [
                self._by_field(model, name, company, self._all(wanted))
                for model, name in line._places()
            ]
        for work in works:
            if work.outcome:
                continue
            work.looked = work.looked or self._can_look(line, work, wanted[id(work)])
            records = self._first_found(found, wanted[id(work)], work)
            if records is not None:
                self._take(line, work, records)

    @api.model
    def _can_look(self, line, work, values):
        """Tell whether a way leads anywhere: the record is named, and its app is installed."""
        if line.how == "named":
            model = work.form["model"]
            return bool(values and model and self._is_nameable(model))
        return bool(values) and (line.how == "external_id" or bool(line._places()))

    @api.model
    def _first_found(self, found, values, work):
        for by_value in found:
            for value in values:
                records = by_value.get(value)
                if records is None:
                    records = by_value.get((work.form["model"], value))
                if records:
                    return records
        return None

    @api.model
    def _take(self, line, work, records):
        """Take what was found as the record of the work, and lead on from it."""
        if records._name == "res.partner" and len(records) > 1:
            # several addresses of one customer are one customer
            records = records.commercial_partner_id
        for name in (line.path or "").split("."):
            # what an app that is not installed would bring is left out
            if len(records) == 1 and name in records._fields:
                records = records[name]
        if len(records) == 1 and line._is_business(records._name):
            work.record = records
        elif len(records) > 1:
            work.several = True

    @api.model
    def _values_of(self, found):
        """Return the texts by which a record is looked for."""
        values = found if isinstance(found, list) else [found]
        texts = (str(one).strip() for one in values[:20] if isinstance(one, str | int) and one)
        return [text for text in texts if text and len(text) <= 256]

    @api.model
    def _all(self, wanted):
        return list({value for values in wanted.values() for value in values})

    # ------------------------------------------------------------------
    # ways
    # ------------------------------------------------------------------

    @api.model
    def _by_field(self, model, name, company, values):
        """Return {value: records} of a model whose field has one of the values."""
        field = self.env[model]._fields[name]
        texts = {value: self._as_kept(field, value) for value in values}
        kept = [text for text in set(texts.values()) if text is not None]
        if not kept:
            return {}
        # sudo: the machine finds the records of its company, whoever may read them
        records = self.env[model].sudo()
        domain = [(name, "in", kept), *self._company_domain(records, company)]
        by_kept = {}
        for record in records.search(domain, limit=MOST):
            by_kept[record[name]] = by_kept.get(record[name], records) | record
        return {value: by_kept[text] for value, text in texts.items() if text in by_kept}

    @api.model
    def _as_kept(self, field, value):
        if field.type == "integer":
            return int(value) if INTEGER.fullmatch(value) else None
        if field.name == "email_normalized":
            return email_normalize(value) or None
        return value

    @api.model
    def _company_domain(self, records, company):
        if "company_id" not in records._fields:
            return []
        return [("company_id", "in", [False, company.id])]

    @api.model
    def _is_nameable(self, model):
        """Tell whether a sender may name records of a model."""
        if model not in self.env or self.env[model]._abstract or self.env[model]._transient:
            return False
        return model in NAMEABLE or not model.startswith(TECHNICAL)

    def _by_external_id(self, company, works, wanted):
        """Return {identifier: record} of the records with these identifiers in Odoo."""
        names = [value for value in self._all(wanted) if value.count(".") >= 1]
        if not names:
            return {}
        self.env.cr.execute(
            SQL(
                """SELECT module || '.' || name, model, res_id FROM ir_model_data
                    WHERE (module, name) IN %s""",
                tuple(tuple(name.split(".", 1)) for name in names),
            )
        )
        rows, ids = self.env.cr.fetchall(), {}
        for _name, model, res_id in rows:
            if self._is_nameable(model):
                ids.setdefault(model, []).append(res_id)
        there = {}
        for model, of_model in ids.items():
            # sudo: as in _by_field
            records = self.env[model].sudo()
            domain = [("id", "in", of_model), *self._company_domain(records, company)]
            there[model] = set(records.search(domain)._ids)
        return {
            name: self.env[model].sudo().browse(res_id)
            for name, model, res_id in rows
            if res_id in there.get(model, ())
        }

    def _by_name(self, company, works, wanted):
        """Return where the records that senders name are: by identifier, then by name."""
        by_model = {}
        for work in works:
            model = work.form["model"]
            if not work.outcome and model and self._is_nameable(model):
                by_model.setdefault(model, set()).update(wanted[id(work)])
        found = [self._by_external_id(company, works, wanted)]
        for model, values in by_model.items():
            known = self.env[model]._fields
            names = dict.fromkeys([self.env[model]._rec_name or "name", *NAMES])
            for name in names:
                if name in known and known[name].store and known[name].type == "char":
                    by_value = self._by_field(model, name, company, values)
                    found.append({(model, value): one for value, one in by_value.items()})
        return found

    # ------------------------------------------------------------------
    # whom it concerns
    # ------------------------------------------------------------------

    def _find_partners(self, works):
        """Find whom the messages concern: the record's partner, else whom the sender names."""
        open_works = {}
        for work in works:
            record = work.record
            if record is not None and record._name == "res.partner":
                work.partner_id = record.id
            elif record is not None and "partner_id" in record._fields and record.partner_id:
                work.partner_id = record.partner_id.id
            elif work.form["partner"]:
                open_works.setdefault(work.company, []).append(work)
        for company, same in open_works.items():
            for name, key in (("email_normalized", "email"), ("ref", "reference")):
                pending = [one for one in same if not one.partner_id]
                values = {one.form["partner"].get(key) for one in pending} - {None}
                found = self._by_field("res.partner", name, company, list(values))
                for work in pending:
                    partners = found.get(work.form["partner"].get(key))
                    if partners and len(partners.commercial_partner_id) == 1:
                        one = partners if len(partners) == 1 else partners.commercial_partner_id
                        work.partner_id = one.id
