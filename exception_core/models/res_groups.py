from odoo import models


class ResGroups(models.Model):
    """People are taken out of a group from its own form, too."""

    _inherit = "res.groups"

    def write(self, vals):
        """Write groups; whoever loses the right to work on a case gives it back."""
        before = self.users.ids if "users" in vals else []
        result = super().write(vals)
        if before:
            self.env["exception.case"]._return_of_unable(before)
        return result
