from odoo import _, fields, models


class ExceptionProblemDismiss(models.TransientModel):
    """Asks for how long a suggested problem shall not come back."""

    _name = "exception.problem.dismiss"
    _inherit = "exception.dialog"
    _description = "Dismiss a Suggested Problem"

    suggestion_ids = fields.Many2many(
        "exception.problem.suggestion",
        string="Suggestions",
        default=lambda self: [(6, 0, self.env.context.get("exception_suggestion_ids") or [])],
    )
    how = fields.Selection(
        [("days", "For some days"), ("grows", "Until it grows")], required=True, default="days"
    )
    days = fields.Integer(default=30, help="Then it is suggested again, if it still holds.")
    cases = fields.Integer(
        default=lambda self: self._default_cases(),
        help="It comes back when so many cases share this.",
    )

    def _default_cases(self):
        ids = self.env.context.get("exception_suggestion_ids") or []
        counts = self.env["exception.problem.suggestion"].browse(ids).mapped("case_count")
        return 2 * max(counts, default=5)

    def action_apply(self):
        """Dismiss."""
        self.ensure_one()
        if self.how == "days":
            self.suggestion_ids.dismiss(days=self.days)
        else:
            self.suggestion_ids.dismiss(cases=self.cases)
        return self.env["exception.case"]._notification(
            _("Dismissed"), _("It is not suggested any more for now.")
        )
