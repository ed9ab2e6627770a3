from odoo import _, models
from odoo.exceptions import UserError


class ExceptionActionRunSetField(models.Model):
    """Setting a field to what somebody typed, for Server Actions of any model."""

    _inherit = "exception.action.run"

    def _set_field(self, record, name, text):
        """Set a field that the action declares to a value that was typed.

        For Server Actions of any model: ``run._set_field(record, values['field'],
        values['value'])``. With the rights of whoever the action runs for.
        """
        # sudo: which fields an action may change is read whoever it runs for
        allowed = self.sudo().action_id.field_ids.mapped("name")
        if name not in allowed:
            raise UserError(_("“%s” is not among the fields that this action changes.", name))
        field = record._fields[name]
        record.write({name: self._typed(record, field, text)})
        label = field.get_description(self.env)["string"]
        said = self._plain(record, name)["text"]
        self._say(_("%(field)s is %(value)s now.", field=label, value=said or _("empty")))

    def _typed(self, record, field, text):
        """Return what to write for a value that was typed."""
        text = "" if text in (None, False) else str(text).strip()
        if not text:
            return False
        if field.type == "many2one":
            found = self.env[field.comodel_name].name_search(text, operator="=", limit=2)
            if len(found) != 1:
                raise UserError(_("“%s” is not the name of exactly one record.", text))
            return found[0][0]
        if field.type == "selection":
            options = field._description_selection(self.env)
            for key, label in options:
                if text.lower() in (str(key).lower(), str(label).lower()):
                    return key
            raise UserError(_("“%s” cannot be chosen there.", text))
        if field.type == "boolean":
            return text.lower() in ("true", "1", "yes")
        if field.relational:
            raise UserError(_("Lists cannot be set this way."))
        return text
