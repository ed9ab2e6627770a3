from odoo import _, api, fields, models
from odoo.tools import is_html_empty


class ExceptionProblemMessage(models.TransientModel):
    """Says the same on every case of a problem, to colleagues or to the customers."""

    _name = "exception.problem.message"
    _inherit = "exception.dialog"
    _description = "Message to the Cases of a Problem"

    problem_id = fields.Many2one(
        "exception.problem",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("exception_problem_id"),
    )
    audience = fields.Selection(
        [
            ("internal", "Colleagues: an internal note on each case"),
            ("customers", "Customers: an answer to the customer of each case"),
        ],
        required=True,
        default="internal",
    )
    only_open = fields.Boolean("Only cases that are still open", default=True)
    body = fields.Html("Message")
    case_count = fields.Integer(compute="_compute_case_count")

    @api.depends("problem_id", "only_open")
    def _compute_case_count(self):
        for wizard in self:
            problem = wizard.problem_id
            wizard.case_count = problem.open_count if wizard.only_open else problem.case_count

    def action_apply(self):
        """Send."""
        self.ensure_one()
        body = "" if is_html_empty(self.body) else self.body
        result = self.problem_id.message_cases(body, self.audience == "customers", self.only_open)
        cases = self.env["exception.case"].browse(result["done"])
        if result["skipped"]:
            return self.env["exception.bulk.result"]._show(result, _("Written to"))
        return cases._notification(_("Done"), _("Written to: %s cases", len(cases)), "success")
