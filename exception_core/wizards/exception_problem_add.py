from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionProblemAdd(models.TransientModel):
    """Puts cases into a problem; a team lead may make a new one of them."""

    _name = "exception.problem.add"
    _inherit = "exception.case.wizard"
    _description = "Add Cases to a Problem"

    target = fields.Selection(
        [("known", "A problem that is known"), ("new", "A new problem")],
        required=True,
        default="known",
    )
    problem_id = fields.Many2one("exception.problem", domain=[("state", "!=", "closed")])
    may_create = fields.Boolean(compute="_compute_may_create")
    title = fields.Char(
        compute="_compute_title",
        store=True,
        readonly=False,
        help="One line, for example: Correios delivers late in Bahia",
    )
    shared = fields.Char("They share", compute="_compute_shared")

    @api.depends("case_ids")
    def _compute_may_create(self):
        problems = self.env["exception.problem"]
        self.may_create = problems.check_access_rights("create", raise_exception=False)

    @api.depends("case_ids")
    def _compute_shared(self):
        for wizard in self:
            pattern = wizard.case_ids._origin._shared_pattern()
            wizard.shared = self.env["exception.case"]._pattern_words([pattern])[0]

    @api.depends("shared")
    def _compute_title(self):
        for wizard in self:
            wizard.title = wizard.shared

    def action_apply(self):
        """Put the cases into the chosen problem."""
        self.ensure_one()
        if self.target == "new":
            return self._make_problem()
        if not self.problem_id:
            raise UserError(_("Choose the problem that the cases belong to."))
        result = self.problem_id.add_cases(self.case_ids.ids)
        return self.case_ids._show_result(result, _("Added to %s", self.problem_id.name))

    def _make_problem(self):
        cases = self.case_ids
        company = cases.company_id if len(cases.company_id) == 1 else cases.company_id.browse()
        team = cases.team_id if len(cases.team_id) == 1 else cases.team_id.browse()
        problem = self.env["exception.problem"].create(
            {
                "title": self.title or self.shared or cases[:1].title,
                "company_id": company.id,
                "team_id": team.id,
            }
        )
        result = problem.add_cases(cases.ids)
        # sudo: the kind is written by the model only
        problem.sudo()._learn_kind(cases.browse(result["done"]))
        if result["skipped"]:
            return cases._show_result(result, _("Added to %s", problem.name))
        return problem._open_form()
