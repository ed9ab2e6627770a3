from odoo import models


class ExceptionActionRunTell(models.Model):
    """Who is told how a run ended: the case, the step that asked for it, the trail."""

    _inherit = "exception.action.run"

    def _tell(self):
        """Tell the case and whoever waits for it how the run ended, once."""
        for run in self:
            if run.told:
                continue
            run.write({"told": True})
            run._say_end()
            run._ended()

    def _say_end(self):
        """Note it on the case."""
        self.case_id._note(self._end_words())

    def _end_words(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        words = f"{self.display_name}: {names[self.state]}"
        return f"{words}. {self.error or self.result or ''}".strip()

    def _ended(self):
        """Tell the step of the playbook that asked for the run that it has ended."""
        step = self["case_step_id"] if "case_step_id" in self._fields else None
        if step:
            step._run_ended(self)
