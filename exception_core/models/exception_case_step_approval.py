from odoo import _, fields, models

from .exception_approval import OPEN


class ExceptionCaseStepApproval(models.Model):
    """Steps that ask people to agree before the playbook goes on."""

    _inherit = "exception.case.step"

    approval_id = fields.Many2one(
        "exception.approval", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _do_approval(self, now):
        starter = self.play_id.started_by_id or self.env.user
        # asked in the name of whoever started the playbook, so that they cannot agree to it
        approvals = self.env["exception.approval"].with_user(starter)
        approval = approvals._request(self.case_id, reason=self.settings.get("question"))
        self.write({"approval_id": approval.id, "note": _("waits for approval")})
        self._hold()
        self._look_approval(now)

    def _look_approval(self, now):
        self._take_event("approval", self.play_id.started_at)
        # sudo: how a request stands, whoever may read it
        approval = self.approval_id.sudo()
        if approval.state in ("approved", "executed"):
            self._finish("done", approval.conclusion or _("approved"))
        elif approval.state == "stale":
            # what it was about has changed, and the request was made anew
            again = approval.search([("renewed_from_id", "=", approval.id)], limit=1)
            if again:
                self.approval_id = again
                self._look_approval(now)
            else:
                self._fail(approval._message())
        elif approval.state in ("rejected", "withdrawn"):
            self._fail(approval.conclusion or approval._message())

    def _cancel_requests(self, why):
        """Withdraw what these steps have asked for and nobody has decided yet."""
        result = super()._cancel_requests(why)
        # sudo: what a playbook asked for ends with it
        asked = self.approval_id.sudo()
        asked.filtered(lambda approval: approval.state in OPEN)._withdraw(why)
        return result

    def _undo_approval(self, why):
        return _("people agreed")

    def _time_out(self, now):
        # a request has its own time limits, reminders and escalation
        return None if self.kind == "approval" else super()._time_out(now)


class ExceptionApproval(models.Model):
    """Tells the playbook that asked how a request was decided."""

    _inherit = "exception.approval"

    def _store(self, vals):
        result = super()._store(vals)
        if "state" in vals:
            # sudo: which step asked is no secret to who decides
            steps = self.env["exception.case.step"].sudo()
            asking = steps.search([("approval_id", "in", self.ids), ("state", "=", "waiting")])
            for step in asking:
                step.case_id._playbook_event("approval", name=vals["state"])
        return result
