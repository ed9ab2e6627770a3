from odoo import _, api, models
from odoo.exceptions import UserError


class ExceptionMachineWritten(models.AbstractModel):
    """Configuration that also says what happened to it: that part is written by the model only.

    A field that is read-only on the screen can still be imported, sent by RPC, or slipped in as a
    default by the context. A model names such fields in ``_machine_fields`` and writes them as
    superuser.
    """

    _name = "exception.machine.written"
    _description = "Fields that only the Model Writes"

    @api.model
    def _machine_fields(self):
        """Return the names of the fields that nobody writes by hand."""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Create records without what only happens to them later."""
        if not self.env.su:
            names = self._machine_fields()
            self._refuse_machine_fields({name for vals in vals_list for name in vals if vals[name]})
            # said for each, so that no default from the context takes its place
            vals_list = [{**vals, **dict.fromkeys(names, False)} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Write records; what only happens to them is refused."""
        if not self.env.su:
            self._refuse_machine_fields(vals.keys())
        return super().write(vals)

    def _refuse_machine_fields(self, names):
        if named := self._machine_fields() & set(names):
            labels = ", ".join(
                sorted(self._fields[name]._description_string(self.env) for name in named)
            )
            raise UserError(
                _(
                    "%s cannot be set by hand: it says what happened. Leave it out and save again.",
                    labels,
                )
            )
