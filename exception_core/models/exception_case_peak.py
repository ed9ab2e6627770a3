from odoo import models

from .exception_detector_hold import UNAVAILABLE


class ExceptionCasePeak(models.Model):
    """Cases of a detector that peak mode relaxes stay open and hold nothing."""

    _inherit = "exception.case"

    def _not_lifted(self, now):
        return super()._not_lifted(now) - self._relaxed_cases(now)

    def _relaxed_cases(self, now):
        """Return those of the cases that do not hold because of peak mode."""
        peaks = self.env["exception.peak"]
        if not peaks._windows():
            return self.browse()
        # sudo: as for every hold, whoever takes the step
        relaxed = peaks._relaxed(self.sudo().detector_id, now)
        # a check that could not run is no finding of the detector: it holds on
        return self.filtered(
            lambda case: case.sudo().detector_id in relaxed
            and not (case.sudo().fingerprint or "").startswith(UNAVAILABLE)
        )
