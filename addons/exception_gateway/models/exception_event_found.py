from odoo import _, api, models


class ExceptionEventFound(models.Model):
    """A record that was missing and is there now ends the case that said so."""

    _inherit = "exception.event"

    def _react(self, works):
        """Clear what said that records are missing, then do what follows."""
        self._clear_missing([work for work in works if work.record is not None])
        return super()._react(works)

    @api.model
    def _clear_missing(self, works):
        """Clear the cases about the missing records of these works, one search for a detector."""
        marks = {}
        for work in works:
            detector = work.contract.unmatched_detector_id
            story = work.subject or work.form["reference"]
            if detector and story and not work.outcome and not work.is_late:
                mark = f"{work.contract._family()}:{story}"
                marks.setdefault(detector, {}).setdefault(mark, []).append(work)
        for detector, by_mark in marks.items():
            cases = self.env["exception.case"].search(
                [
                    ("detector_id", "=", detector.id),
                    ("res_model", "=", self._name),
                    ("fingerprint", "in", list(by_mark)),
                    ("condition_active", "=", True),
                ]
            )
            for case in cases:
                for work in by_mark[case.fingerprint]:
                    self._say_case(work, case, _("%s: the record is here now.", case.name))
            if cases:
                detector._as_engine().env["exception.case"].browse(cases.ids)._clear()
