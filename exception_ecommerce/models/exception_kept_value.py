from odoo import api, models
from odoo.exceptions import UserError


class ExceptionKeptValue(models.AbstractModel):
    """Documents with fields that only actions write, since money hangs on what they say.

    Actions work as the system. Whatever a person's form, import, RPC call or default context
    gives for such a field is left out of new documents, and refused on others.
    """

    _name = "exception.kept.value"
    _description = "Document with values that only actions write"

    @api.model
    def _exception_kept(self):
        """Return the fields, each with the sentence that refuses to write it."""
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents; what only actions write is left out."""
        nothing = dict.fromkeys(self._exception_kept(), False)
        if self.env.su:
            # empty rather than missing: nothing is worked out for a new document
            vals_list = [{**nothing, **vals} for vals in vals_list]
        else:
            vals_list = [{**vals, **nothing} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Write documents; what only actions write is refused."""
        kept = {} if self.env.su else self._exception_kept()
        for name in kept.keys() & vals.keys():
            raise UserError(kept[name])
        return super().write(vals)
