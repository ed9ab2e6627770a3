from odoo import models


class ExceptionCaseTriage(models.Model):
    """What the triage rules say of a case."""

    _inherit = "exception.case"

    def _triage(self):
        """Apply the triage rules to new cases."""
