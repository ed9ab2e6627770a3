from odoo import models


class ExceptionCaseCustomer(models.Model):
    """What is known of a case's customer."""

    _inherit = "exception.case"

    def _complete_customer(self):
        """Note tier and promise of the customer."""
