from odoo import models


class ExceptionSlaRank(models.Model):
    """Clocks that were planned, stopped or resumed rank their cases anew.

    Loaded after the escalations, whose ``_schedule_levels`` takes the place of the first one.
    """

    _inherit = "exception.sla.clock"

    def _schedule_levels(self):
        """Rank the cases of these clocks; in a batch the batch does so, once."""
        result = super()._schedule_levels()
        if not self.env["exception.case"]._in_batch():
            # sudo: the score is the model's own
            self.sudo().case_id._rescore()
        return result
