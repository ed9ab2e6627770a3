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
        found = self.browse()
        for company, cases in self.sudo().grouped("company_id").items():
            relaxed = peaks._relaxed(cases.detector_id, now, company)
            # a check that could not run is no finding of the detector: it holds on
            found |= cases.filtered(
                lambda case, relaxed=relaxed: case.detector_id in relaxed
                and not (case.fingerprint or "").startswith(UNAVAILABLE)
            )
        return found.with_env(self.env)
