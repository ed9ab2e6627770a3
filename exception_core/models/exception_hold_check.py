from odoo import api, models


class ExceptionHoldCheck(models.AbstractModel):
    """Asks the detectors that hold a step, before it is taken, in the same transaction."""

    _inherit = "exception.hold.mixin"

    def _exception_check(self, step):
        """Run the detectors that hold this step over these records, and open or clear their cases.

        A record is judged as if it had taken the step. A check that cannot run lets the step pass
        and opens a case that checks again; from where money leaves, the step waits.
        """
        waiting = set(self._exception_money_out(step).ids)
        by_model, asked = {}, {}
        for (model, res_id), held in self._exception_sources(step).items():
            if res_id in asked.setdefault(model, self._exception_asked_along(step, model)):
                continue
            ids, waiting_ids = by_model.setdefault(model, ([], []))
            ids.append(res_id)
            if waiting & held:
                waiting_ids.append(res_id)
        for model, (ids, waiting_ids) in by_model.items():
            guard = self._exception_steps_of(model).get(step)
            along = guard.along if guard else ()
            self.env["exception.detector"]._check_step(step, model, ids, waiting_ids, along)

    @api.model
    def _exception_asked_along(self, step, model):
        """Return the ids of records that take another step now with which this one was asked."""
        asked = set()
        for taken, guard in self._exception_steps_of(model).items():
            if step in guard.along:
                asked |= self.env[model]._exception_passed(taken)
        return asked

    @api.model
    def _exception_steps_of(self, model):
        steps = getattr(self.env[model], "_exception_steps", None)
        return steps() if steps else {}
