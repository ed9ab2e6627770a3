from odoo import _, models


class ExceptionProblemButtons(models.Model):
    """Buttons of the problem's form and list: each runs a verb or opens the dialog for it."""

    _inherit = "exception.problem"

    def _open_cases(self, name, **context):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all",
            [("problem_id", "=", self.id)],
            context,
            name=name,
        )

    def action_open_cases(self):
        """Open all cases of the problem."""
        return self._open_cases(_("Cases of %s", self.name))

    def action_open_open_cases(self):
        """Open the cases of the problem that have not ended."""
        return self._open_cases(_("Open cases of %s", self.name), search_default_open=1)

    def action_start(self):
        """Begin to look for the cause."""
        self.start()

    def action_close(self):
        """Close the problem."""
        self.close()

    def action_reopen(self):
        """Take up the problem again."""
        self.reopen()

    def action_resolve(self):
        """Ask once what the types of its open cases demand, then resolve all of them."""
        return self._open_dialog("exception.problem.resolve", _("Resolve with its cases"))

    def action_message(self):
        """Ask what to say, then say it on each case."""
        return self._open_dialog("exception.problem.message", _("Message all"))

    def action_learn_kind(self):
        """Take what its cases share as the kind that it collects."""
        self.ensure_one()
        self._check_work()
        # sudo: the kind is written by the model only, here from cases the user sees
        self.sudo()._learn_kind(self.env["exception.case"].search([("problem_id", "=", self.id)]))
        if self.kind:
            return None
        return self.env["exception.case"]._notification(
            _("Nothing in common"),
            _(
                "Its cases do not share a type and a customer, product, carrier, channel, team or "
                "detector. Take out those that do not belong here, then try again."
            ),
            "warning",
        )

    def _open_dialog(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "name": name,
            "context": {"exception_problem_id": self.id},
        }

    def _open_form(self):
        """Return the action that opens this problem."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }
