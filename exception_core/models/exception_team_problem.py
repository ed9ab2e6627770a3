from odoo import models


class ExceptionTeamProblem(models.Model):
    """A team that becomes private takes its cases out of the problems of others."""

    _inherit = "exception.team"

    def write(self, vals):
        """Part the team's cases from the problems of others when it becomes private."""
        result = super().write(vals)
        if vals.get("private"):
            # sudo: also cases that the manager does not see at the moment
            cases = self.env["exception.case"].sudo()
            domain = [("problem_id", "!=", False)]
            teams = ["|", ("team_id", "in", self.ids), ("problem_id.team_id", "in", self.ids)]
            cases.search([*domain, *teams])._leave_problems()
        return result
