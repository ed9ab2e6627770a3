from odoo import _, models
from odoo.exceptions import UserError


class ExceptionProblemSuggestionButtons(models.Model):
    """Buttons of a suggested problem."""

    _inherit = "exception.problem.suggestion"

    def action_open_problem(self):
        """Make a problem of the cases and show it."""
        result = self.open_problem()
        problem = self.env["exception.problem"].browse(result["problem_id"])
        return problem._open_form()

    def action_dismiss(self):
        """Ask for how long, then dismiss."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.problem.dismiss",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Dismiss"),
            "context": {"exception_suggestion_ids": self.ids},
        }

    def action_open_cases(self):
        """Open the cases that look as if they had one cause."""
        self.ensure_one()
        return self.case_ids._open_list(self.reason)

    def _open_form(self):
        """Return the action that opens this suggestion."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": _("Suggested problem"),
        }

    def action_open_adopted(self):
        """Open the problem that was made of it."""
        self.ensure_one()
        if not self.problem_id:
            raise UserError(
                _("No problem was made of this suggestion, or it was deleted. Open one from it.")
            )
        return self.problem_id._open_form()

    def action_look_now(self):
        """Look for problems now and say what was found."""
        number = self.look_now()
        if number:
            message = _("Suggested problems: %s", number)
        else:
            message = _("No cases share enough at the moment.")
        notification = self.env["exception.case"]._notification(_("Looked"), message, "success")
        notification["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return notification
