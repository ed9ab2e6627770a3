import json
import re

from odoo import _, api, fields, models
from odoo.tools.misc import format_datetime

# A moment as entries keep it.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
# Kept by their code, and read by their name: what they are, and where the name is.
CODED = {"action": "exception.action", "type": "exception.type"}
# Kept by a value of a selection, by what the entry is about: another word elsewhere.
CHOSEN = {
    ("hold", "step"): ("exception.case", "hold_step"),
    ("approval", "outcome"): ("exception.approval", "outcome"),
}
# Numbers that lead elsewhere; people are told by the rest of the entry.
NUMBERS = ("option", "run", "approval", "receipt", "takes_back")


class ExceptionAuditWords(models.Model):
    """What an entry says to people: labels and names in place of columns and numbers."""

    _inherit = "exception.audit.entry"

    summary = fields.Char("What changed", compute="_compute_summary")
    change_rows = fields.Text("Before and after", compute="_compute_summary")
    hidden_text = fields.Char("Blacked out", compute="_compute_hidden_text")

    @api.depends("event", "case_name", "sequence")
    def _compute_display_name(self):
        labels = dict(self._audit_labels())
        for entry in self:
            entry.display_name = _(
                "%(event)s (%(about)s, %(number)s)",
                event=labels.get(entry.event, entry.event),
                about=entry.case_name or entry.res_name or _("configuration"),
                number=entry.sequence or "–",
            )

    @api.depends("before", "after", "data")
    @api.depends_context("lang")
    def _compute_summary(self):
        names = self._code_names()
        for entry in self:
            rows = entry._rows(names)
            entry.change_rows = "\n".join(entry._sentence(*row) for row in rows) or False
            entry.summary = "; ".join(entry._sentence(*row) for row in rows) or False

    @api.model
    def _code_names(self):
        """Return what codes of actions and types are called today: {word: {code: name}}."""
        names = {}
        for word, model in CODED.items():
            # sudo: names that the reader of an entry is told; also of what was archived
            known = self.env[model].sudo().with_context(active_test=False).search([])
            names[word] = {one.code: one.name for one in known}
        return names

    def _rows(self, names):
        """Return (label, value before, value after) of what the entry keeps; None: not kept.

        :param names: what ``_code_names`` returns
        """
        self.ensure_one()
        before, after, data = (
            json.loads(text) if text else {} for text in (self.before, self.after, self.data)
        )

        def say(name, value):
            return names.get(name, {}).get(str(value)) or self._words(name, value)

        rows = [
            (self._label(name), say(name, before.get(name)), say(name, value))
            for name, value in after.items()
        ]
        rows += [
            (self._label(name), say(name, value), "")
            for name, value in before.items()
            if name not in after
        ]
        rows += [
            (self._label(name), None, say(name, value))
            for name, value in data.items()
            if name not in NUMBERS and value is not False
        ]
        return [row for row in rows if row[1] or row[2]]

    @api.model
    def _sentence(self, label, before, after):
        if before:
            after = after or _("nothing")
            return _("%(what)s: %(old)s → %(new)s", what=label, old=before, new=after)
        return _("%(what)s: %(value)s", what=label, value=after)

    def _subject_fields(self):
        model = "exception.case" if self.chain else self.res_model
        return self.env[model]._fields if model in self.env else {}

    def _label(self, name):
        if field := self._field_of(name):
            return field._description_string(self.env)
        return name.replace("_", " ").capitalize()

    def _field_of(self, name):
        """Return the field that a word of this entry is a value of, if any."""
        kind = (self.event or "").partition(".")[0]
        if (kind, name) in CHOSEN:
            model, chosen = CHOSEN[kind, name]
            return self.env[model]._fields[chosen]
        return self._subject_fields().get(name)

    def _words(self, name, value):
        """Return a kept value as people read it."""
        field = self._field_of(name)
        if field and field.type == "selection":
            choices = field._description_selection(self.env)
            return dict(choices).get(value, value) or ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dict):
            pairs = (f"{self._label(key)} {self._words(key, one)}" for key, one in value.items())
            return ", ".join(pairs)
        if isinstance(value, list):
            if len(value) == 2 and isinstance(value[0], int) and isinstance(value[1], str):
                # a record: its number, and the name that it had
                return value[1]
            return ", ".join(str(self._words("", one)) for one in value)
        if isinstance(value, str) and MOMENT.fullmatch(value):
            return format_datetime(self.env, value[:19], dt_format="short")
        return "" if value is None else str(value)

    @api.depends("redacted")
    @api.depends_context("lang")
    def _compute_hidden_text(self):
        for entry in self:
            columns = json.loads(entry.redacted or "{}")
            labels = [self._fields[name]._description_string(self.env) for name in columns]
            entry.hidden_text = ", ".join(labels) or False

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_export(self):
        """Download the trail for the verifier."""
        return self._download("/exception/audit/export")

    def action_export_csv(self):
        """Download the trail for a spreadsheet; the verifier reads it, too."""
        return self._download("/exception/audit/export?kind=csv")

    def action_verify(self):
        """Verify the whole trail and show what was found."""
        return self.env["exception.audit.check"].verify_now()

    @api.model
    def _download(self, url):
        self.check_access_rights("read")
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_open_case(self):
        """Open the case that the entry is about."""
        self.ensure_one()
        self.check_access_rule("read")
        return self.case_id.exists()._open_form() if self.case_id.exists() else None
