from odoo import _, fields, models


class ExceptionCaseHoldButtons(models.Model):
    """Buttons about holds, and what a hold says of itself."""

    _inherit = "exception.case"

    hold_waits = fields.Boolean(
        "Keeps its record waiting",
        compute="_compute_hold_waits",
        help="The step that the case holds is still to come.",
    )

    def _compute_hold_waits(self):
        for case in self:
            case.hold_waits = case._holds_a_step()

    def action_request_release(self):
        """Ask what to tell those who are to agree that the hold is lifted."""
        return self._open_wizard(
            "exception.hold.ask", _("Request approval"), default_how="approval"
        )

    def action_lift_hold(self):
        """Ask why, then lift the hold."""
        return self._open_wizard("exception.hold.ask", _("Lift the hold"), default_how="lift")

    def action_put_on_hold(self):
        """Ask which step is to wait, and why."""
        return self._open_wizard("exception.hold.put", _("Put on hold"))

    def _go_on(self):
        """Let the records of these cases take the step that was held, as the current user.

        :return: what the step's button returns, where it is something to show
        """
        groups = self.grouped(lambda case: (case.res_model, case.hold_step))
        shown = None
        for (model, step), cases in groups.items():
            records = self.env[model].browse(cases.mapped("res_id")).exists()
            waiting = records._exception_before(step)
            result = waiting._exception_do(step) if waiting else None
            shown = result if isinstance(result, dict) else shown
        return shown

    def _hold_words(self):
        """Say why the case holds: what is wrong, and the case's number."""
        self.ensure_one()
        if self.team_id.private and not self._is_seen():
            return _("%s looks into it", self.team_id.name)
        return f"{self.title} ({self.name})"

    def _holds_now(self, record):
        """Tell whether the case keeps its record from a step that is still to come."""
        if not self.hold_step or not self.is_holding:
            return False
        steps = record._exception_steps() if hasattr(record, "_exception_steps") else {}
        return self.hold_step not in steps or bool(record._exception_before(self.hold_step))

    def _is_seen(self):
        """Tell whether the user may read the case."""
        cases = self.with_env(self.env(su=False))
        if not cases.check_access_rights("read", raise_exception=False):
            return False
        return bool(cases._filter_access_rules("read"))

    def _owner_words(self):
        """Say who looks after the case."""
        self.ensure_one()
        return self.user_id.name or self.team_id.name or _("nobody yet")

    def _clears_words(self):
        """Say what ends the hold."""
        self.ensure_one()
        if self.state == "approval":
            return _("Approval was requested. It goes on when it is given.")
        if self.detector_id and self.condition_active:
            return _("It ends by itself when this is put right.")
        return _("It ends when the case is resolved.")
