from odoo import models


class ExceptionCaseAssign(models.Model):
    """Who gets a case when its team assigns by a method."""

    _inherit = "exception.case"

    def _auto_assign(self):
        """Give unowned cases to members."""
