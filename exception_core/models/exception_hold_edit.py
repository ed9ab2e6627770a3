from odoo import api, models


class ExceptionHoldEdit(models.AbstractModel):
    """A document notes who changes what is material on it."""

    _inherit = "exception.hold.mixin"

    def write(self, vals):
        """Write documents; a person who changes something material is noted."""
        if self._exception_material_names() & vals.keys():
            self.env["exception.approval.edit"]._note(self)
        return super().write(vals)

    @api.model
    def _exception_material_names(self):
        return {path.partition(".")[0] for path in self._exception_material_paths()}
