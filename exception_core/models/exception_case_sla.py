from odoo import models


class ExceptionCaseSla(models.Model):
    """The clocks of a case."""

    _inherit = "exception.case"

    def _start_clocks(self):
        """Start the clocks of new cases."""
