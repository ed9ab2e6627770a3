from odoo import models


class ExceptionHoldCheck(models.AbstractModel):
    """Asks the detectors that hold a step, before it is taken, in the same transaction."""

    _inherit = "exception.hold.mixin"

    def _exception_check(self, step):
        """Run the detectors that hold this step over these records, and open or clear their cases.

        A record is judged as if it had taken the step. A check that cannot run lets the step pass
        and opens a case that checks again; from where money leaves, the step waits.
        """
        waiting = set(self._exception_money_out(step).ids)
        by_model = {}
        for (model, res_id), held in self._exception_sources(step).items():
            ids, waiting_ids = by_model.setdefault(model, ([], []))
            ids.append(res_id)
            if waiting & held:
                waiting_ids.append(res_id)
        for model, (ids, waiting_ids) in by_model.items():
            self.env["exception.detector"]._check_step(step, model, ids, waiting_ids)
