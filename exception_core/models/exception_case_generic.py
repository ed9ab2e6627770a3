from odoo import _, models


class ExceptionCaseGeneric(models.Model):
    """What the shipped actions do; called by their Server Actions with the inputs of a run."""

    _inherit = "exception.case"

    def _do_assign(self, run, values):
        """Give the case to a person, a team or both."""
        self.assign(values.get("user") or None, values.get("team") or None)
        run._say(_("It belongs to %s.", self.user_id.name or self.team_id.name))
