from odoo import fields, models


class ExceptionSwitchable(models.AbstractModel):
    """Configuration that is drafted and tried first, and counts only once it is enabled."""

    _name = "exception.switchable"
    _description = "Configuration with a Switch"

    active = fields.Boolean(default=True)
    enabled = fields.Boolean(
        copy=False, tracking=True, help="Only what is enabled is used. Try a draft first."
    )

    def action_enable(self):
        """Put it to use; what was archived comes back."""
        self.write({"enabled": True, "active": True})
        return True

    def action_disable(self):
        """Take it out of use; what it has decided, asked for or begun stays as it is."""
        self.write({"enabled": False})
        return True
