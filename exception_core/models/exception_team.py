from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionTeam(models.Model):
    """A queue and the people who work it."""

    _name = "exception.team"
    _inherit = "exception.versioned"
    _description = "Exception Team"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: order_desk")
    description = fields.Text(translate=True, help="What this team takes care of.")
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a team that works for all companies."
    )
    lead_id = fields.Many2one(
        "res.users",
        "Team lead",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    member_ids = fields.Many2many(
        "res.users",
        "exception_team_member_rel",
        "team_id",
        "user_id",
        "Members",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    private = fields.Boolean(
        help="Only members, the lead, managers and auditors see the team and its cases. Example: "
        "a fraud desk.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        help="Promises count only within these hours. Empty: the company's working hours.",
    )
    alias_ids = fields.One2many("exception.team.alias", "team_id", "Mail addresses")
    is_mine = fields.Boolean("My team", compute="_compute_is_mine", search="_search_is_mine")
    color = fields.Integer()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _sql_constraints = [
        ("code_uniq", "unique(code)", "Another team has this code already."),
    ]

    @api.depends("member_ids", "lead_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for team in self:
            team.is_mine = self.env.user in team.member_ids | team.lead_id

    @api.model
    def _search_is_mine(self, operator, value):
        """Search the teams that the user leads or is a member of."""
        user = self.env.user
        mine = ["|", ("member_ids", "in", user.ids), ("lead_id", "=", user.id)]
        return mine if (operator == "=") == bool(value) else ["!", *mine]

    def write(self, vals):
        """Write teams; with other working hours their running clocks are planned anew, later."""
        result = super().write(vals)
        if "calendar_id" in vals:
            self.env["exception.sla.change"]._record("team", self.ids)
        return result

    @api.constrains("active")
    def _check_in_use(self):
        archived = self.filtered(lambda team: not team.active)
        kind = self.env["exception.type"].search([("team_id", "in", archived.ids)], limit=1)
        if kind:
            raise ValidationError(
                _(
                    "%(team)s still gets the cases of %(type)s. Give that type another team first.",
                    team=kind.team_id.name,
                    type=kind.name,
                )
            )

    def action_open_cases(self):
        """Open the cases of the team, the open ones first."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all",
            [("team_id", "=", self.id)],
            {"search_default_open": 1, "default_team_id": self.id},
        )

    @api.model
    def _second_person_kind(self):
        return "desk"
