from odoo import _, api, models


class ExceptionActionRunSubmit(models.Model):
    """What is asked before a run is queued: limits, and people where the policy wants them."""

    _inherit = "exception.action.run"

    def _submit(self):
        """Go on with proposed runs: ask for approval where the policy wants it, else queue.

        What must not be done stays proposed and says why (``why``); nothing is raised, because
        whoever submits may be a playbook. Runs that were submitted before are left alone.
        """
        for run in self.sudo():  # sudo: runs are written by the model only
            if run.state != "proposed":
                continue
            if refusal := run._refuse_submit():
                run._refuse(refusal)
            elif run._needs_approval():
                run._request_approval()
            else:
                run._queue()
        return True

    def _refuse_submit(self):
        """Say why the run cannot go on as it stands; None if it can."""
        self.ensure_one()
        return self.action_id._refuse_code()

    def _refuse(self, refusal):
        self.write({"why": refusal})

    def _needs_approval(self):
        """Tell whether people must agree. Taking back what people agreed to needs nobody."""
        self.ensure_one()
        return self.action_id.approval == "matrix" and not self.undo_of_id

    def _request_approval(self):
        self.ensure_one()
        if "exception.approval" not in self.env:
            self._refuse(_("It needs an approval, and no approvals are set up."))
            return
        self.write({"state": "approval", "why": False})
        self.env["exception.approval"]._request(self.case_id, self, self.reason)

    def _approved(self, approval):
        """Go on: those who had to have agreed."""
        for run in self.sudo().filtered(lambda run: run.state == "approval"):
            run._queue()

    def _rejected(self, approval):
        """End: those who had to have not agreed."""
        # sudo: as in _submit
        runs = self.sudo().filtered(lambda run: run.state == "approval")
        runs._end("rejected")

    @api.model
    def _end_values(self, state, **vals):
        return {"state": state, "why": False, "waits_for_id": False, "next_try_at": False, **vals}
