from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.vocabulary import DISPOSITIONS, SEVERITIES


class ExceptionType(models.Model):
    """A kind of exception: the leaf of the taxonomy.

    Says what a case of this kind is by default (severity, disposition, team, promise) and what
    closing it takes. Detectors and people point at types; the code stays when the name changes.
    """

    _name = "exception.type"
    _inherit = "exception.versioned"
    _description = "Exception Type"
    _order = "category_id, default_severity, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: paid_not_shipped")
    category_id = fields.Many2one(
        "exception.category", required=True, index=True, ondelete="restrict"
    )
    description = fields.Text(
        translate=True, help="What is wrong, in words of the business and with an example."
    )
    active = fields.Boolean(default=True)
    default_severity = fields.Selection(SEVERITIES, "Severity", required=True, default="3")
    disposition = fields.Selection(
        DISPOSITIONS,
        required=True,
        default="investigate",
        help="The most that is allowed: rules and amounts can make a case stricter, not looser.",
    )
    team_id = fields.Many2one("exception.team", required=True, index=True, ondelete="restrict")
    sla_policy_id = fields.Many2one(
        "exception.sla.policy", "Service level", required=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Answers for this type. Leave it empty to inherit the owner of the category.",
    )
    effective_owner_id = fields.Many2one(
        "res.users", compute="_compute_effective_owner_id", store=True
    )
    reopen_window_hours = fields.Integer(
        "Re-open window (hours)",
        default=72,
        help="A condition that comes back within this time re-opens its case; later it becomes a "
        "new case. Example: with 72, a stock shortage that is solved on Monday and back on "
        "Wednesday re-opens Monday's case.",
    )
    requires_root_cause = fields.Boolean("Root cause")
    requires_resolution = fields.Boolean("Resolution code", default=True)
    requires_note = fields.Boolean("Note")
    requires_evidence = fields.Boolean(
        "Evidence",
        help="A document or picture must be attached, for example a carrier's statement.",
    )
    reason_ids = fields.Many2many(
        "exception.reason",
        compute="_compute_reason_ids",
        string="Reasons",
        help="The reasons that can be chosen on cases of this type.",
    )
    open_case_count = fields.Integer("Open cases", compute="_compute_open_case_count")

    _sql_constraints = [
        ("code_uniq", "unique(code)", "Another type has this code already."),
        (
            "reopen_window_positive",
            "CHECK(reopen_window_hours >= 0)",
            "The re-open window cannot be negative.",
        ),
    ]

    @api.depends("owner_id", "category_id.effective_owner_id")
    def _compute_effective_owner_id(self):
        for kind in self:
            kind.effective_owner_id = kind.owner_id or kind.category_id.effective_owner_id

    @api.depends("category_id.parent_path")
    def _compute_reason_ids(self):
        reasons = self.env["exception.reason"].search([])
        scopes = [(reason.id, set(reason.category_ids.ids)) for reason in reasons]
        by_category = {}
        for category in self.category_id:
            branch = category._ancestor_ids()
            by_category[category] = [
                reason for reason, scope in scopes if not scope or not scope.isdisjoint(branch)
            ]
        for kind in self:
            kind.reason_ids = reasons.browse(by_category.get(kind.category_id, []))

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_case_count(self):
        groups = self.env["exception.case"]._read_group(
            [("type_id", "in", self.ids), ("is_open", "=", True)], ["type_id"], ["__count"]
        )
        counts = {kind.id: count for kind, count in groups}
        for kind in self:
            kind.open_case_count = counts.get(kind.id, 0)

    @api.constrains("active", "team_id", "sla_policy_id")
    def _check_in_use(self):
        for kind in self.filtered("active"):
            for used in (kind.team_id, kind.sla_policy_id):
                if not used.active:
                    raise ValidationError(
                        _(
                            "%(type)s needs %(name)s, which is archived. Choose another one first.",
                            type=kind.name,
                            name=used.display_name,
                        )
                    )

    def action_open_cases(self):
        """Open the cases of the type, the open ones first."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all",
            [("type_id", "=", self.id)],
            {"search_default_open": 1, "default_type_id": self.id},
        )

    @api.model
    def _second_person_kind(self):
        return "desk"
