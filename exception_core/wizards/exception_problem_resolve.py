from odoo import _, api, fields, models


class ExceptionProblemResolve(models.TransientModel):
    """Asks once what the types of a problem's open cases demand, and resolves all of them."""

    _name = "exception.problem.resolve"
    _inherit = "exception.case.resolve"
    _description = "Resolve a Problem with its Cases"

    problem_id = fields.Many2one(
        "exception.problem",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("exception_problem_id"),
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", "exception_problem_resolve_attachment_rel", string="Evidence"
    )
    root_cause_id = fields.Many2one(
        string="Root cause", default=lambda self: self._problem().root_cause_id
    )

    @api.model
    def _problem(self):
        return self.env["exception.problem"].browse(self.env.context.get("exception_problem_id"))

    @api.model
    def _default_case_ids(self):
        domain = [("problem_id", "=", self._problem().id), ("is_open", "=", True)]
        return [(6, 0, self.env["exception.case"].search(domain).ids)]

    def action_apply(self):
        """Attach the evidence, resolve the cases and then the problem."""
        self.ensure_one()
        self._attach_evidence()
        result = self.problem_id.resolve_together(
            self.root_cause_id.id, self.resolution_id.id, self.note
        )
        return self.case_ids._show_result(result, _("Resolved"))
