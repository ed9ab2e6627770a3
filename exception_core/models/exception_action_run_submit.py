from odoo import _, api, fields, models


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
        return self.action_id._refuse_code(self.automated)

    def _refuse_begin(self):
        """Say why the run cannot begin now though it is queued; None if it can."""
        self.ensure_one()
        return (
            self.action_id._refuse_code(self.automated)
            or self._refuse_requester()
            or self._refuse_ended_case()
            or self._refuse_other_amount()
        )

    def _refuse_other_amount(self):
        """Say that the case's amount, which the run moves, has changed since it was asked for."""
        case = self.case_id
        same = self.currency_id == case.currency_id and self.amount == case.amount
        if same or self.undo_of_id or self.action_id.money != "case":
            return None
        return _(
            "%(case)s is about another amount since this was asked for. Give it up, and ask anew.",
            case=case.name,
        )

    def _refuse_requester(self):
        """Say that whoever asked may not any more; None if they may."""
        if self.automated or self.undo_of_id:
            return None
        return self.action_id.with_user(self.requested_by)._refuse_person()

    def _refuse_ended_case(self):
        """Say that the case has ended meanwhile, where that makes a difference."""
        heavy = self.action_id.money != "none" or self.action_id.risk == "high"
        if not heavy or self.undo_of_id or self.case_id.is_open:
            return None
        return _("%s has ended meanwhile, so this may not be needed any more.", self.case_id.name)

    def _refuse(self, refusal):
        self._store({"why": refusal})

    def _needs_approval(self):
        """Tell whether people must agree. Taking back what people agreed to needs nobody."""
        self.ensure_one()
        return self.action_id.approval == "matrix" and not self.undo_of_id

    def _request_approval(self):
        self.ensure_one()
        self._store({"state": "approval", "why": False})
        approval = self.env["exception.approval"]._request(self.case_id, self, self.reason)
        self._store({"approval_id": approval.id})

    def _approved(self, approval):
        """Go on: those who had to have agreed, or the policy agrees by itself."""
        for run in self.sudo().filtered(lambda run: run.state == "approval"):
            run._store({"approval_id": approval.id})
            run._queue()

    def _rejected(self, approval):
        """End: those who had to have not agreed."""
        # sudo: as in _submit
        runs = self.sudo().filtered(lambda run: run.state == "approval")
        runs._end("rejected", reason=approval.sudo().conclusion)

    def _withdrawn(self, approval):
        """Go back to whoever asked: the request was withdrawn, or cannot be decided."""
        # sudo: as in _submit
        for run in self.sudo().filtered(lambda run: run.state == "approval"):
            run._hold_back(_("The request for approval was withdrawn."))

    @api.model
    def _end_values(self, state, **vals):
        """Return what to write when a run gets into a state: what it waited for is over."""
        if state == "queued":
            vals.setdefault("queued_at", fields.Datetime.now())
        return {"state": state, "why": False, "waits_for_id": False, "next_try_at": False, **vals}
