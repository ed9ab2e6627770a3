from odoo import _, fields, models


class ExceptionCaseAssign(models.TransientModel):
    """Gives cases to a person, a team or both."""

    _name = "exception.case.assign"
    _inherit = "exception.case.wizard"
    _description = "Assign Exception Cases"

    team_id = fields.Many2one("exception.team", help="Empty: the cases stay with their teams.")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_user").ids)],
        help="Empty: the cases wait unassigned in the queue of the team.",
    )

    def action_apply(self):
        """Assign the cases."""
        self.ensure_one()
        result = self.case_ids.assign(self.user_id.id, self.team_id.id)
        return self.case_ids._show_result(result, _("Assigned"))
