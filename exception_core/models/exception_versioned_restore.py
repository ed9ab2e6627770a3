from odoo import _, api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.config_note import NOTE, ConfigNote
from ..tools.config_values import match_lines, same


class ExceptionVersionedRestore(models.AbstractModel):
    """Taking a record back to the state of an earlier version."""

    _inherit = "exception.versioned.base"

    def _version_restore(self, version, reason):
        """Give the record the values of a version, as a new version with a reason.

        Done as the user who asks, through the doors that every change takes.

        :raise UserError: what of it cannot be restored, and why
        """
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        state = version["values"]
        missing = self._version_missing(state)
        if missing:
            raise UserError(
                _(
                    "This version cannot be taken back: it names what is gone by now (%s). "
                    "Change the record by hand instead; “Compare” shows what differs.",
                    "; ".join(missing),
                )
            )
        note = ConfigNote(way="restored", reason=reason, restored=version.number)
        record = self.with_context(**{NOTE: note, "lang": "en_US"})
        now = self._version_states()[self.id]
        record._version_write(self._version_vals(now, state))
        record._version_restore_words(now, state)

    def _version_write(self, vals):
        """Write restored values; a model may have to use other doors for some of them."""
        if vals:
            self.write(vals)

    def _version_missing(self, state):
        """Return the names of records that a state points at and that do not exist any more."""
        missing = []
        for name, value in state["fields"].items():
            field = self._fields.get(name)
            if field is None or not isinstance(value, dict) or not {"ref", "refs"} & value.keys():
                continue
            refs = value["refs"] if "refs" in value else [value["ref"]]
            # sudo: only whether they exist
            there = self.env[field.comodel_name].sudo().browse(ref[0] for ref in refs).exists()
            label = field.get_description(self.env, ["string"])["string"]
            missing += [f"{label}: {name}" for key, name in refs if key not in there._ids]
        for name, lines in state["lines"].items():
            if name in self._fields:
                part = self.env[self._fields[name].comodel_name]
                missing += [gone for line in lines for gone in part._version_missing(line)]
        return list(dict.fromkeys(missing))

    @api.model
    def _version_vals(self, now, then):
        """Return the values to write so that a record in state ``now`` is as ``then``."""
        vals = {}
        for name, value in then["fields"].items():
            if name in self._fields and not same(now["fields"].get(name), value):
                plain = self._version_unplain(name, value)
                if plain is not Ellipsis:
                    vals[name] = plain
        for name, lines in then["lines"].items():
            if name in self._fields:
                commands = self._version_commands(name, now["lines"].get(name, []), lines)
                if commands:
                    vals[name] = commands
        return vals

    @api.model
    def _version_unplain(self, name, value):
        """Return a value to write, or ``...`` where another door is used or there is none."""
        if isinstance(value, dict):
            if "ref" in value:
                return value["ref"][0]
            if "refs" in value:
                return [Command.set([ref[0] for ref in value["refs"]])]
            if "words" in value:
                return value["words"].get("en_US") or False
            return ...
        return False if value is None else value

    @api.model
    def _version_commands(self, name, now, then):
        part = self.env[self._fields[name].comodel_name]
        commands = []
        for old, new in match_lines(now, then):
            if new is None:
                commands.append(Command.delete(old["id"]))
            elif old is None:
                blank = {"fields": {}, "lines": {}}
                vals = part._version_vals(blank, new)
                commands.append(Command.create(vals))
            elif vals := part._version_vals(old, new):
                commands.append(Command.update(old["id"], vals))
        # what goes makes room first: two lines may not be alike
        return sorted(commands, key=lambda command: command[0] != Command.DELETE)

    def _version_restore_words(self, now, then):
        """Restore words of other languages, and values by company."""
        for name, value in then["fields"].items():
            before = now["fields"].get(name)
            if name not in self._fields or not isinstance(value, dict) or same(before, value):
                continue
            for lang, text in value.get("words", {}).items():
                if lang != "en_US" and lang in dict(self.env["res.lang"].get_installed()):
                    self.update_field_translations(name, {lang: text})
            for company_id, plain in value.get("companies", {}).items():
                company = self.env["res.company"].browse(int(company_id)).exists()
                if company in self.env.user.company_ids:
                    self.with_company(company).write({name: plain})
