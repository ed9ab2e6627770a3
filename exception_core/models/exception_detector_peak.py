from odoo import fields, models


class ExceptionDetectorPeak(models.Model):
    """Detectors that may warn instead of hold for a while, and those that never do."""

    _inherit = "exception.detector"

    relaxed_until = fields.Datetime(
        "Warns only until", compute="_compute_relaxed_until", help="Peak mode is on."
    )

    def _compute_relaxed_until(self):
        now = fields.Datetime.now()
        peaks = self.env["exception.peak"]
        relaxed = peaks._relaxed(self, now)
        for detector in self:
            # sudo: until when is shown to whoever sees the detector
            until = detector in relaxed and peaks._peak_of(detector, now).sudo().date_until
            detector.relaxed_until = until

    def _may_relax(self):
        """Tell whether the detector may be relaxed; money that goes out never is."""
        self.ensure_one()
        return self.holds and not self.never_relaxed and self.hold_step != "pay"
