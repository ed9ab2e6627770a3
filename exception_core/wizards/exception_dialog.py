from odoo import api, models


class ExceptionDialog(models.AbstractModel):
    """A dialog names what it is about, so it takes only what its user may see.

    Odoo shows the name of whatever id stands in a many2one, and ids are easy to guess: without
    this, a dialog would tell the titles of a private team's cases.
    """

    _name = "exception.dialog"
    _description = "Dialog of the Exception Desk"

    @api.model_create_multi
    def create(self, vals_list):
        """Create dialogs about what the user may see."""
        dialogs = super().create(vals_list)
        dialogs._check_named()
        return dialogs

    def write(self, vals):
        """Write dialogs; what is chosen in them must be seen as well."""
        result = super().write(vals)
        self._check_named()
        return result

    def onchange(self, values, field_names, fields_spec):
        """Answer a screen about what the user may see; defaults may come from its context."""
        given = {**self.default_get(list(fields_spec)), **values}
        self.new(given, origin=self)._check_named()
        return super().onchange(values, field_names, fields_spec)

    def _check_named(self):
        """Refuse records of the suite that the user may not read."""
        for name, field in self._fields.items():
            if field.store and (field.comodel_name or "").startswith("exception."):
                if records := self[name]._origin:
                    records.check_access_rights("read")
                    records.check_access_rule("read")
