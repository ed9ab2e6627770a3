from dataclasses import dataclass

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.event_path import compile_path, find
from ..tools.refused import Refused


@dataclass(frozen=True)
class NamedLine:
    """A reaction with the detector that a message names."""

    line: models.Model
    detector_id: models.Model

    def __getattr__(self, name):
        """Be the reaction in all other respects."""
        return getattr(self.line, name)


class ExceptionEventReactionNamed(models.Model):
    """A message may name which detector or exception type it speaks of."""

    _inherit = "exception.event.reaction"

    detector_path = fields.Char(
        "Detector named by",
        help="JMESPath on the normal form that finds the code of a detector for events, or of its "
        "exception type. The detector above serves where there is none of that name. "
        "Example: what",
    )

    @api.constrains("detector_path")
    def _check_detector_path(self):
        for line in self.filtered("detector_path"):
            try:
                compile_path(line.detector_path)
            except Refused as refused:
                raise ValidationError(
                    _("“Detector named by” cannot be understood: %s", refused)
                ) from refused


class ExceptionEventReactNamed(models.Model):
    """The detectors that messages name, found for a batch at once."""

    _inherit = "exception.event"

    def _react_wave(self, works, now):
        """React by the detectors that the messages name."""
        if any(line.detector_path for work in works for line in work.reactions):
            named = self._named_detectors()
            for work in works:
                work.reactions = [self._named_line(named, work, line) for line in work.reactions]
        return super()._react_wave(works, now)

    @api.model
    def _named_detectors(self):
        """Return {name: detectors for events}: codes of detectors, then codes of their types."""
        detectors = self.env["exception.detector"].search(
            [("source", "=", "event"), ("state", "=", "enabled")], order="id"
        )
        named = {}
        for detector in detectors:
            named.setdefault(detector.type_id.code, []).append(detector)
        for detector in detectors:
            named.setdefault(detector.code, []).insert(0, detector)
        return named

    @api.model
    def _named_line(self, named, work, line):
        if not (line.detector_path or "").strip():
            return line
        try:
            name = find(line.detector_path, self._said_of(work))
        except Refused:
            # what cannot be worked out names nothing
            return line
        for detector in named.get(name, ()) if isinstance(name, str) else ():
            if not detector.company_id or detector.company_id == work.company:
                return NamedLine(line, detector)
        return line
