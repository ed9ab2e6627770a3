from odoo import models


# Odoo keeps its settings among the models, too.
class ResConfigSettings(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """*Settings → Exceptions*, for system administrators."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "exception.settings.mixin"]

    def get_values(self):
        """Add the suite's values of the current company."""
        return {**super().get_values(), **self._company_values()}

    def set_values(self):
        """Save the suite's values of the current company, too."""
        self._check_settings()
        result = super().set_values()
        self._save_company_values()
        return result
