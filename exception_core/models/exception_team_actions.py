from odoo import _, models

# Filters of the case search view that show what a number of the overview counts.
QUEUE_FILTERS = {
    "open": [],
    "unassigned": ["unassigned"],
    "mine": ["my_cases"],
    "waiting": ["waiting"],
    "due_today": ["due_today"],
    "breached": ["breached"],
}


class ExceptionTeamActions(models.Model):
    """Buttons of the team overview: every number opens the list that makes it."""

    _inherit = "exception.team"

    def action_open_queue(self):
        """Open the team's cases; the context's ``exception_filter`` names the number clicked."""
        self.ensure_one()
        chosen = self.env.context.get("exception_filter", "queue")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "exception_core.exception_case_action_all"
        )
        context = {"search_default_team_id": self.id, "search_default_open": 1}
        if chosen == "queue":
            context["search_default_leading"] = 1
        for name in QUEUE_FILTERS.get(chosen, []):
            context[f"search_default_{name}"] = 1
        action["context"] = context
        action["display_name"] = _("Queue of %s", self.name)
        return action

    def action_take_next(self):
        """Give the user the most urgent case of this team that nobody owns."""
        self.ensure_one()
        return self.env["exception.case"].take_next(self.id)
