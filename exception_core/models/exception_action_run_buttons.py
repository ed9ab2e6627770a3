from odoo import _, fields, models
from odoo.exceptions import UserError


class ExceptionActionRunButtons(models.Model):
    """Buttons of runs: each calls a verb, or opens the dialog that asks for a reason."""

    _inherit = "exception.action.run"

    can_ask_back = fields.Boolean(compute="_compute_can_ask_back")

    def _compute_can_ask_back(self):
        for run in self:
            # sudo: only whether there is one is read
            asks = bool(run.action_id.sudo().reconcile_action_id)
            run.can_ask_back = run.state == "unknown" and asks

    def ask_back(self):
        """Ask the outside now what became of the run."""
        self.ensure_one()
        run = self._by_person()
        if not run.can_ask_back:
            raise UserError(_("Nobody can be asked what became of %s.", run.display_name))
        run._drop_job()
        run._store({"next_try_at": fields.Datetime.now()})
        run._schedule()
        return run._answer()

    def action_submit(self):
        """Go on with a run that was held back."""
        return self._show_answer(self.submit())

    def action_retry(self):
        """Try a failed run again."""
        return self._show_answer(self.retry())

    def action_ask_back(self):
        """Ask the outside now what became of the run."""
        return self._show_answer(self.ask_back())

    def _show_answer(self, answer):
        if answer["why"]:
            return self.case_id._notification(_("Not done yet"), answer["why"], "warning")
        return True

    def action_undo(self):
        """Ask why, then take back what the run did."""
        return self._ask_reason("undo", _("Take it back"))

    def action_abandon(self):
        """Ask why, then give the run up."""
        return self._ask_reason("abandon", _("Give it up"))

    def action_was_done(self):
        """Ask how it is known, then take the run as done."""
        return self._ask_reason("was_done", _("It was done"))

    def action_was_not_done(self):
        """Ask how it is known, then take the run as not done."""
        return self._ask_reason("was_not_done", _("It was not done"))

    def _ask_reason(self, verb, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.action.reason",
            "views": [(False, "form")],
            "target": "new",
            "name": name,
            "context": {"exception_run_id": self.id, "exception_run_verb": verb},
        }

    def action_open_job(self):
        """Open the job of the run, for system administrators."""
        self.ensure_one()
        job = self.env["queue.job"].search([("uuid", "=", self.job_uuid)], limit=1)
        if not job:
            raise UserError(_("The job was cleared away."))
        return job.get_formview_action()
