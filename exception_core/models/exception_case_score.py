from odoo import models


class ExceptionCaseScore(models.Model):
    """How urgent a case is, and why."""

    _inherit = "exception.case"

    def _rescore(self):
        """Rank the cases anew."""
