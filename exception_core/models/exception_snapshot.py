import hashlib
import json

from odoo import api, models
from odoo.tools import float_repr

# What is material on a model that does not say it by itself, as far as it has these fields.
DEFAULT_PATHS = (
    "partner_id",
    "currency_id",
    "company_id",
    "amount_total",
    "amount",
    "partner_bank_id.acc_number",
)
# Enough for every price, rate and quantity; what the database rounds away never counts.
FLOAT_DIGITS = 6


class ExceptionSnapshot(models.AbstractModel):
    """What a document said at one moment, so that a decision about it covers just that.

    Lifted holds and approvals keep a snapshot and compare it before they count. Material is what
    the document's ``_exception_material_paths()`` lists; a path through a one2many makes lines,
    which are compared by what they say and not by their ids.
    """

    _name = "exception.snapshot"
    _description = "Snapshot of a Document"

    @api.model
    def _take(self, record):
        """Return ``{"hash": hex, "values": {...}}`` of what is material on a record now."""
        values = self._values(record)
        return {"hash": self._digest(values), "values": values}

    @api.model
    def _changed(self, record, snapshot):
        """Return what changed materially since a snapshot.

        :return: rows ``{"label", "before", "after"}``, empty when nothing did
        """
        return self._compare(record.exists(), snapshot)

    @api.model
    def _compare(self, record, snapshot):
        """Return what ``_changed`` does, of a record that was looked up: empty when it is gone."""
        if not record:
            return [{"label": record._description, "before": record._name, "after": False}]
        now = self._take(record)
        if now["hash"] == (snapshot or {}).get("hash"):
            return []
        before = (snapshot or {}).get("values") or {}
        rows = self._changed_fields(before.get("fields") or {}, now["values"]["fields"])
        lines = before.get("lines") or {}
        for name, after in now["values"]["lines"].items():
            rows += self._changed_lines(lines.get(name) or {"rows": {}}, after)
        return rows or [{"label": record._description, "before": False, "after": False}]

    @api.model
    def _digest(self, values):
        """Hash what was said: labels, texts, ids of lines and their order do not count."""
        said = {
            "fields": {path: field["raw"] for path, field in values["fields"].items()},
            "lines": {
                name: sorted(
                    ([[path, field["raw"]] for path, field in sorted(row.items())])
                    for row in lines["rows"].values()
                )
                for name, lines in values["lines"].items()
            },
        }
        # sorted() above compares raw values as text, since those of one path are of one kind
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # ------------------------------------------------------------------
    # reading
    # ------------------------------------------------------------------

    @api.model
    def _values(self, record):
        record.ensure_one()
        # sudo, and the language of nobody: the same document gives everybody the same snapshot
        record = record.sudo().with_context(lang=None, active_test=False)
        if "company_id" in record and record.company_id:
            record = record.with_company(record.company_id)
        values = {"fields": {}, "lines": {}}
        for path in self._paths(record):
            head, _dot, rest = path.partition(".")
            if record._fields[head].type in ("one2many", "many2many") and rest:
                lines = values["lines"].setdefault(
                    head, {"label": self._label(record, head), "rows": {}}
                )
                for line in record[head]:
                    row = lines["rows"].setdefault(str(line.id), {})
                    row[rest] = self._field(line, rest)
            else:
                values["fields"][path] = self._field(record, path)
        return values

    @api.model
    def _paths(self, record):
        """Return the material paths that the record's model has."""
        if hasattr(record, "_exception_material_paths"):
            return record._exception_material_paths()
        return [path for path in DEFAULT_PATHS if path.partition(".")[0] in record._fields]

    @api.model
    def _field(self, record, path):
        """Return raw value, text and label of what a path leads to."""
        *way, name = path.split(".")
        target = record
        for step in way:
            target = target[step]
        if len(target) > 1:
            values = [self._raw(one, name) for one in target.sorted("id")]
            raw = [value for value, _text in values]
            text = ", ".join(text for _value, text in values)
        elif target:
            raw, text = self._raw(target, name)
        else:
            raw, text = "", ""
        return {"raw": raw, "text": text, "label": self._label(record, path)}

    @api.model
    def _raw(self, record, name):
        """Return a field's value as it is compared, and as people read it."""
        field, value = record._fields[name], record[name]
        if field.relational:
            ids = ",".join(str(id_) for id_ in sorted(value.ids))
            return ids, ", ".join(value.mapped("display_name"))
        if field.type in ("float", "monetary"):
            raw = float_repr(value or 0.0, FLOAT_DIGITS)
            # no difference between what was never set, minus nought and nought
            raw = "0" if float(raw) == 0 else raw.rstrip("0").rstrip(".")
            return raw, raw
        if field.type == "selection":
            labels = dict(field._description_selection(record.env))
            return value or "", str(labels.get(value, value or ""))
        text = "" if value is False or value is None else str(value)
        return text, text

    @api.model
    def _label(self, record, path):
        names, model = [], record
        for name in path.split("."):
            field = model._fields[name]
            names.append(field.get_description(self.env, ["string"])["string"])
            if field.relational:
                model = self.env[field.comodel_name]
        return " › ".join(names)

    # ------------------------------------------------------------------
    # comparing
    # ------------------------------------------------------------------

    @api.model
    def _changed_fields(self, before, after, label=""):
        rows = []
        for path, field in {**before, **after}.items():
            old, new = before.get(path) or {}, after.get(path) or {}
            if old.get("raw", "") != new.get("raw", ""):
                name = f"{label} › {field['label']}" if label else field["label"]
                rows.append({"label": name, "before": old.get("text"), "after": new.get("text")})
        return rows

    @api.model
    def _changed_lines(self, before, after):
        """Compare lines: those that say the same are equal, the others are paired by their ids."""
        old, new = dict(before["rows"]), dict(after["rows"])
        # of many that are alike each is first compared with itself
        for key in [key for key in new if key in old and _said(old[key]) == _said(new[key])]:
            del old[key], new[key]
        for key, row in list(new.items()):
            same = next((k for k, other in old.items() if _said(other) == _said(row)), None)
            if same:
                del old[same], new[key]
        rows = []
        for key in sorted({*old, *new}, key=int):
            label = f"{after['label']} › {_name(new.get(key) or old.get(key))}"
            rows += self._changed_fields(old.get(key) or {}, new.get(key) or {}, label)
        return rows


def _said(row):
    return {path: field["raw"] for path, field in row.items()}


def _name(row):
    """Return what a line is called: the text of its first field."""
    return next((field["text"] for field in row.values() if field["text"]), "")
