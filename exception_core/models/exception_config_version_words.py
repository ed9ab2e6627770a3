from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools.misc import format_datetime

from ..tools.config_values import compare
from ..tools.text_diff import difference

# Longer texts are compared word by word.
LONG = 60
# How many changed things a list names.
NAMED = 4


class ExceptionConfigVersionWords(models.Model):
    """What differs between two states, in the words of the screens."""

    _inherit = "exception.config.version"

    summary = fields.Char("What changed", compute="_compute_difference")
    difference = fields.Html("Changes", compute="_compute_difference", sanitize=False)

    @api.depends("values", "number")
    @api.depends_context("lang", "tz", "exception_compare_with")
    def _compute_difference(self):
        before = self._values_before()
        for version in self:
            rows = self._rows(version.res_model, before.get(version.id), version["values"])
            version.difference = self._as_table(rows)
            version.summary = version._summarise(rows, version.id in before)

    def _values_before(self):
        """Return {version id: values of the version that it is compared with}.

        That is the one before it, or the one that the context names.
        """
        if chosen := self.env.context.get("exception_compare_with"):
            other = self.browse(int(chosen)).exists()
            other.check_access_rule("read")
            return {
                one.id: other["values"] for one in self if one._record_key() == other._record_key()
            }
        found = self.search(
            [("res_model", "in", self.mapped("res_model")), ("res_id", "in", self.mapped("res_id"))]
        )
        known = {(*one._record_key(), one.number): one["values"] for one in found}
        keys = {one.id: (*one._record_key(), one.number - 1) for one in self}
        return {version_id: known[key] for version_id, key in keys.items() if key in known}

    def _summarise(self, rows, has_before):
        if self.is_deleted:
            return _("Deleted")
        if self.way == "before":
            return _("State before versions were kept")
        if not has_before:
            return _("Created")
        labels = list(dict.fromkeys(row["label"] for row in rows))
        text = ", ".join(labels[:NAMED])
        return f"{text}, …" if len(labels) > NAMED else text

    # ------------------------------------------------------------------
    # rows: label, before, after
    # ------------------------------------------------------------------

    @api.model
    def _rows(self, model, before, after):
        """Return what differs between two states as rows of ``label``, ``before``, ``after``.

        :param before: None lists what a new record starts with, empty values left out
        """
        if not after:
            return []
        empty = {
            "fields": dict.fromkeys(after["fields"]),
            "lines": dict.fromkeys(after["lines"], []),
        }
        rows = []
        for change in compare(before or empty, after):
            label, owner = self._label(model, change)
            if change.field is None:
                texts = [self._line_words(owner, line) for line in (change.before, change.after)]
            else:
                texts = self._pair(owner, change.field, change.before, change.after)
            if texts[0] != texts[1] and (before or texts[1] not in ("", _("No"))):
                rows.append({"label": label, "before": texts[0], "after": texts[1]})
        return rows

    @api.model
    def _label(self, model, change):
        """Return (label of a change, the model that it is about)."""
        words = []
        owner = self.env.get(model)
        for place, step in enumerate(change.path):
            if place % 2:
                words[-1] = f"{words[-1]} “{step}”" if step else words[-1]
            else:
                words.append(self._field_label(owner, step))
                field = owner is not None and owner._fields.get(step)
                owner = self.env.get(field.comodel_name) if field else None
        if change.field:
            words.append(self._field_label(owner, change.field))
        return " › ".join(words), owner

    @api.model
    def _field_label(self, owner, name):
        if owner is None or name not in owner._fields:
            return name  # an addon that was removed knew it
        return owner._fields[name].get_description(self.env, ["string"])["string"]

    @api.model
    def _line_words(self, owner, line):
        """Return a line in words: its name, and what it says."""
        if not line:
            return ""
        said = [
            f"{self._field_label(owner, name)}: {text}"
            for name, value in line["fields"].items()
            if (text := self._word(owner, name, value)) and text not in (line["name"], _("No"))
        ]
        said = ", ".join(said)
        return f"{line['name']} ({said})" if said else line["name"]

    # ------------------------------------------------------------------
    # values
    # ------------------------------------------------------------------

    @api.model
    def _pair(self, owner, name, before, after):
        """Return both values in words; of what has many parts only those that differ."""
        for kind in ("words", "companies"):
            if any(isinstance(value, dict) and kind in value for value in (before, after)):
                parts = [(value or {}).get(kind) or {} for value in (before, after)]
                return self._parts(owner, name, kind, *parts)
        values = [before, after]
        if all(isinstance(value, dict) and "hidden" in value for value in values):
            return [_("a secret"), _("another secret")]
        return [self._word(owner, name, value) for value in values]

    @api.model
    def _parts(self, owner, name, kind, before, after):
        differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        several = len({**before, **after}) > 1
        texts = []
        for values in (before, after):
            words = {key: self._word(owner, name, values.get(key)) for key in differing}
            texts.append(
                "; ".join(
                    f"{self._part_name(kind, key)}: {word}" if several else word
                    for key, word in words.items()
                )
            )
        return texts

    @api.model
    def _part_name(self, kind, key):
        if kind == "words":
            return key
        return self.env["res.company"].browse(int(key)).exists().name or key

    @api.model
    def _word(self, owner, name, value):
        """Return a value as a person reads it."""
        if isinstance(value, dict):
            if "ref" in value:
                return value["ref"][1] or ""
            if "refs" in value:
                return ", ".join(ref[1] or "" for ref in value["refs"])
            if "hidden" in value:
                return _("a secret") if value["hidden"] else ""
            if "words" in value or "companies" in value:
                parts = next(iter(value.values())) or {}
                return parts.get(self.env.lang) or next(iter(parts.values()), None) or ""
        field = owner._fields.get(name) if owner is not None else None
        if value is None or field is None:
            return "" if value is None else str(value)
        return self._scalar_word(owner, field, value)

    @api.model
    def _scalar_word(self, owner, field, value):
        if field.type == "boolean":
            return _("Yes") if value else _("No")
        if field.type == "selection":
            return dict(field._description_selection(owner.env)).get(value, value)
        if field.type == "datetime":
            return format_datetime(self.env, fields.Datetime.to_datetime(value))
        if field.type == "date":
            return str(value)[:10]
        if field.type in ("float", "monetary"):
            return f"{value:,.10g}"
        return str(value)

    # ------------------------------------------------------------------
    # as a table
    # ------------------------------------------------------------------

    @api.model
    def _as_table(self, rows):
        """Return rows as HTML; long texts show what was added and taken out."""
        if not rows:
            return Markup("<p class='text-muted'>%s</p>") % _("Nothing differs.")
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            _("What"),
            _("Before"),
            _("After"),
        )
        body = Markup().join(self._as_row(row) for row in rows)
        return Markup("<table class='table table-sm o_exception_difference'>%s%s</table>") % (
            Markup("<thead>%s</thead>") % head,
            Markup("<tbody>%s</tbody>") % body,
        )

    @api.model
    def _as_deleted(self, rows):
        """Return the difference that deleting a record makes."""
        said = ", ".join(f"{row['label']}: {row['after']}" for row in rows)
        return Markup("<p><strong>%s</strong></p><p class='text-muted'>%s</p>") % (
            _("It would be deleted."),
            said,
        )

    @api.model
    def _as_row(self, row):
        before, after = row["before"], row["after"]
        if min(len(before), len(after)) > LONG:
            return Markup("<tr><td>%s</td><td colspan='2'>%s</td></tr>") % (
                row["label"],
                difference(before, after),
            )
        return Markup("<tr><td>%s</td><td>%s</td><td><strong>%s</strong></td></tr>") % (
            row["label"],
            before or "–",
            after or "–",
        )
