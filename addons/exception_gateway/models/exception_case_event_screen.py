from odoo import _, fields, models
from odoo.tools import SQL


class ExceptionCaseEvents(models.Model):
    """What outside systems said about a case, on its form."""

    _inherit = "exception.case"

    event_count = fields.Integer("Events from outside (number)", compute="_compute_event_count")

    def _compute_event_count(self):
        self.env.cr.execute(
            SQL(
                "SELECT case_id, count(*) FROM exception_case_event_rel"
                " WHERE case_id = ANY(%s) GROUP BY case_id",
                self.ids,
            )
        )
        counts = dict(self.env.cr.fetchall())
        for case in self:
            case.event_count = counts.get(case.id, 0)

    def action_open_events(self):
        """Open what came in about the case."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_gateway.exception_event_action",
            [("case_ids", "in", self.ids)],
            name=_("Events of %s", self.name),
        )
