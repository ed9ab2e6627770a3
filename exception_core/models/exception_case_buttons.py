from odoo import _, models


class ExceptionCaseButtons(models.Model):
    """Buttons of forms and lists: each runs a verb, or opens the dialog that asks for more.

    A verb answers what was done; a button answers with an action, as the web client expects:
    a notification when everything went well, else the result with what was skipped and why.
    """

    _inherit = "exception.case"

    def _show_result(self, result, done_label):
        """Return the action that shows a verb's result."""
        if result["skipped"]:
            return self.env["exception.bulk.result"]._show(result, done_label)
        if len(self) == 1:
            return {"type": "ir.actions.act_window_close"}
        message = _("%(label)s: %(count)s", label=done_label, count=len(result["done"]))
        return self._notification(_("Done"), message, "success")

    def _open_wizard(self, model, name, **context):
        """Return the action that opens a dialog for these cases."""
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "name": name,
            "context": {"exception_case_ids": self.ids, **context},
        }

    def action_assign_to_me(self):
        """Take these cases."""
        return self._show_result(self.assign_to_me(), _("Taken"))

    def action_take_next(self):
        """Take the most urgent case that nobody owns, whatever cases the button was beside."""
        return self.take_next()

    def action_resume(self):
        """Go on with waiting cases."""
        return self._show_result(self.resume(), _("Resumed"))

    def action_reopen(self):
        """Take up ended cases again."""
        return self._show_result(self.reopen(), _("Re-opened"))

    def action_resolve(self):
        """Ask what the types demand, then resolve."""
        return self._open_wizard("exception.case.resolve", _("Resolve"))

    def action_assign(self):
        """Ask for a person or a team, then assign."""
        return self._open_wizard("exception.case.assign", _("Assign"))

    def action_wait(self):
        """Ask for whom and until when, then lay aside."""
        return self._open_wizard("exception.case.wait", _("Wait"))

    def action_merge(self):
        """Ask which case stays, then merge."""
        return self._open_wizard("exception.case.merge", _("Merge duplicates"))

    def action_false_alarm(self):
        """Ask why, then end as false alarm."""
        return self._dismiss("false_alarm", _("False alarm"))

    def action_accept_risk(self):
        """Ask until when and why, then accept the risk."""
        return self._dismiss("accept", _("Accept the risk"))

    def action_cancel(self):
        """Ask why, then cancel."""
        return self._dismiss("cancel", _("Cancel cases"))

    def _dismiss(self, how, name):
        return self._open_wizard("exception.case.dismiss", name, default_how=how)
