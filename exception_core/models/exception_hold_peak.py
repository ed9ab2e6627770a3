from odoo import fields, models


class ExceptionHoldPeak(models.AbstractModel):
    """Keeps what peak mode lets pass."""

    _inherit = "exception.hold.mixin"

    def _exception_split(self, step):
        clean, held = super()._exception_split(step)
        if clean and self.env["exception.peak"]._windows():
            clean._exception_note_relaxed(step)
        return clean, held

    def _exception_note_relaxed(self, step):
        """List the documents that go on although an open case would have held them."""
        now = fields.Datetime.now()
        sources = self._exception_sources(step)
        # sudo: as for every hold; the list is read by managers
        cases = self.env["exception.case"].sudo()._holding(sources, step)
        lifted = self.env["exception.hold.lift"].sudo()._in_force(cases, now).case_id
        relaxed = (cases - lifted)._relaxed_cases(now)
        passing = [
            (self.browse(record_id).sudo(), case)
            for case in relaxed
            for record_id in sources[case.res_model, case.res_id]
        ]
        if passing:
            self.env["exception.peak.pass"].sudo()._note(passing, step, now)
