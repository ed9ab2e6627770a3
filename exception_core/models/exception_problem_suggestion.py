from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount

# longer is for ever
MOST_DAYS = 3650


class ExceptionProblemSuggestion(models.Model):
    """Cases that look as if they had one cause: so many of one type share one thing.

    Found by ``exception_problem_look``. A person opens a problem from it or dismisses it, until a
    date or until it has grown.
    """

    _name = "exception.problem.suggestion"
    _description = "Suggested Problem"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, case_count desc, exposure desc, id desc"

    state = fields.Selection(
        [("new", "Suggested"), ("dismissed", "Dismissed"), ("adopted", "Problem opened")],
        required=True,
        default="new",
        readonly=True,
    )
    type_id = fields.Many2one(
        "exception.type", required=True, index=True, ondelete="cascade", readonly=True
    )
    category_id = fields.Many2one(related="type_id.category_id", store=True)
    dimension = fields.Char("What is shared", required=True, readonly=True)
    value_id = fields.Integer("Id of what is shared", required=True, readonly=True)
    pattern = fields.Json(compute="_compute_pattern")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    team_id = fields.Many2one(
        "exception.team",
        readonly=True,
        ondelete="cascade",
        help="Only for cases of a private team, which are looked at apart.",
    )
    case_ids = fields.Many2many("exception.case", string="Cases", readonly=True)
    case_count = fields.Integer("Number of cases", readonly=True)
    days = fields.Integer("Within days", readonly=True, group_operator=None)
    exposure = fields.Monetary("At stake", readonly=True, help="Sum over those still open.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    first_seen = fields.Datetime("First seen", readonly=True)
    last_seen = fields.Datetime("Last seen", readonly=True)
    reason = fields.Char("Why", compute="_compute_reason")
    also = fields.Char("They also share", compute="_compute_also")
    shared = fields.Json(readonly=True)
    dismissed_until = fields.Date("Dismissed until", readonly=True)
    dismissed_count = fields.Integer(
        "Comes back from", readonly=True, group_operator=None, help="So many cases bring it back."
    )
    dismissed_by_id = fields.Many2one("res.users", "Dismissed by", readonly=True)
    problem_id = fields.Many2one("exception.problem", readonly=True, ondelete="set null")

    @api.depends("type_id", "dimension", "value_id")
    def _compute_pattern(self):
        for suggestion in self:
            suggestion.pattern = {
                "type_id": suggestion.type_id.id,
                suggestion.dimension: suggestion.value_id,
            }

    @api.depends("pattern", "case_count", "days", "exposure")
    @api.depends_context("lang")
    def _compute_reason(self):
        words = self.env["exception.case"]._pattern_words(self.mapped("pattern"))
        for suggestion, shared in zip(self, words, strict=True):
            suggestion.reason = suggestion._say(shared)

    def _say(self, shared):
        values = {"count": self.case_count, "shared": shared, "days": self.days}
        if not self.exposure:
            return _("%(count)s cases %(shared)s in %(days)s days", **values)
        return _(
            "%(count)s cases %(shared)s in %(days)s days, %(amount)s at stake",
            amount=format_amount(self.env, self.exposure, self.currency_id),
            **values,
        )

    @api.depends("shared")
    @api.depends_context("lang")
    def _compute_also(self):
        words = self.env["exception.case"]._pattern_words(self.mapped("shared"))
        for suggestion, text in zip(self, words, strict=True):
            suggestion.also = text

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for suggestion in self:
            suggestion.display_name = suggestion.reason

    # ------------------------------------------------------------------
    # verbs
    # ------------------------------------------------------------------

    def open_problem(self):
        """Make a problem of these cases, as far as the user may write them.

        :return: the verb's answer about the cases, and under ``problem_id`` the new problem
        """
        self.ensure_one()
        self._check_decides()
        # sudo: the cases are searched by the user's own rules
        domain = [("id", "in", self.sudo().case_ids.ids), ("problem_id", "=", False)]
        cases = self.env["exception.case"].search(domain)
        if self.state == "adopted" or not cases:
            raise UserError(
                _("None of these cases is left: they belong to a problem already. Look again.")
            )
        problem = self.env["exception.problem"].create(self._problem_values())
        # sudo: the kind is written by the model only
        problem.sudo().pattern = self.pattern
        result = problem.add_cases(cases.ids)
        # sudo: people decide on suggestions by buttons only
        self.sudo().write({"state": "adopted", "problem_id": problem.id})
        self.sudo().activity_unlink(["exception_core.activity_problem_suggested"])
        return {**result, "problem_id": problem.id}

    def _problem_values(self):
        words = self.env["exception.case"]._pattern_words([self.pattern])[0]
        return {
            "title": words,
            "description": "\n".join(filter(None, (self.reason, self.also and self._also()))),
            "company_id": self.company_id.id,
            "team_id": self.team_id.id or self._public_team_id(),
            "user_id": self.env.uid,
        }

    def _public_team_id(self):
        """The team that all of the cases share, if there is one."""
        return self.pattern.get("team_id") or (self.shared or {}).get("team_id")

    def _also(self):
        return _("All of them also share: %s", self.also)

    def dismiss(self, days=None, cases=None):
        """Do not suggest this for some days, or until there are so many cases.

        :param days: so long; ``cases``: until it has grown to so many; one of them is needed
        """
        self._check_decides()
        if not days and not cases:
            raise UserError(_("Say for how long, or until how many cases."))
        if not 0 <= (days or 0) <= MOST_DAYS or (cases or 0) < 0:
            raise UserError(_("Choose between 1 and %s days.", MOST_DAYS))
        until = fields.Date.context_today(self) + timedelta(days=days) if days else False
        # sudo: people decide on suggestions by buttons only
        todo = self.sudo().filtered(lambda suggestion: suggestion.state == "new")
        todo.write(
            {
                "state": "dismissed",
                "dismissed_until": until,
                "dismissed_count": cases or 0,
                "dismissed_by_id": self.env.uid,
            }
        )
        todo.activity_unlink(["exception_core.activity_problem_suggested"])
        skipped = (self - todo).ids
        reason = _("It was decided already.")
        return {"done": todo.ids, "skipped": [{"id": one, "reason": reason} for one in skipped]}

    def _check_decides(self):
        self.check_access_rights("write")
        self.check_access_rule("write")

    def write(self, vals):
        """Write suggestions; people only keep activities and followers of them."""
        if not self.env.su and any(not name.startswith(("activity_", "message_")) for name in vals):
            raise UserError(_("A suggestion cannot be changed. Open a problem, or dismiss it."))
        return super().write(vals)
