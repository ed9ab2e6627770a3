from odoo import api, fields, models

from ..tools.vocabulary import SEVERITIES

HOUR = 3600
MODES = [
    ("any", "One of them"),
    ("all", "All of them"),
    ("some", "So many of them"),
]
# Who is asked; at least one of these is given on a level that asks people.
PEOPLE = (
    "approver_user_ids",
    "approver_group_ids",
    "approver_lead",
    "approver_manager",
    "approver_path",
)


class ExceptionApprovalLevel(models.Model):
    """One level of a policy: when it is asked, whom, how many must agree, and until when.

    All conditions that are given must hold. ``exception_approval_level_when`` evaluates them,
    ``exception_approval_level_who`` finds the people.
    """

    _name = "exception.approval.level"
    _description = "Approval Level"
    _order = "matrix_id, sequence, id"

    name = fields.Char(required=True, help="Example: Head of finance")
    matrix_id = fields.Many2one(
        "exception.approval.matrix", "Policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one(related="matrix_id.currency_id")
    company_id = fields.Many2one(related="matrix_id.company_id")
    is_auto = fields.Boolean(
        "Approve by policy",
        help="Nobody is asked where this level holds and no other does. Example: refunds up to "
        "20. Only such a level approves without a person.",
    )

    # when
    amount_from = fields.Monetary("From", help="Asked from this amount on; 0: from any.")
    amount_to = fields.Monetary("Up to", help="Asked up to and including it; 0: without limit.")
    margin_loss_from = fields.Monetary(
        "Margin lost from",
        help="Asked when the margin falls by at least this. 0: whatever the margin does.",
    )
    margin_loss_percent = fields.Float(
        "Margin lost from (%)",
        help="Asked when the margin falls by at least this share of itself. Example: 20 asks when "
        "a margin of 500 becomes 400 or less.",
    )
    severity_from = fields.Selection(SEVERITIES, "Severity at least")
    tier_ids = fields.Many2many(
        "exception.tier",
        "exception_approval_level_tier_rel",
        "level_id",
        "tier_id",
        "Customer tiers",
        help="Customers of these tiers; empty: everybody.",
    )
    contract = fields.Selection(
        [("with", "Customers with a contract"), ("without", "Customers without a contract")],
        help="Empty: both.",
    )
    risk_from = fields.Integer(
        "Risk score from",
        help="From 0 to 100; the priority of the case, unless an addon measures risk itself.",
    )
    domain = fields.Char("Which cases", default="[]")
    record_domain = fields.Char(
        "Which records",
        default="[]",
        help="A condition on the kind of record that the policy is about. Example: a line has a "
        "product of the category Furniture.",
    )
    model = fields.Char(related="matrix_id.model", string="Model name")

    # who
    approver_user_ids = fields.Many2many(
        "res.users",
        "exception_approval_level_user_rel",
        "level_id",
        "user_id",
        "People",
        domain="[('share', '=', False)]",
    )
    approver_group_ids = fields.Many2many(
        "res.groups",
        "exception_approval_level_group_rel",
        "level_id",
        "group_id",
        "Everybody of the groups",
    )
    approver_lead = fields.Boolean("The lead of the case's team")
    approver_manager = fields.Boolean(
        "The requester's manager", help="As given on the user, under Exceptions."
    )
    approver_path = fields.Char(
        "A person on the record",
        help="The path from the record to a user. Example: team_id.user_id is the leader of an "
        "order's sales team.",
    )
    mode = fields.Selection(MODES, "Must agree", required=True, default="any")
    needed = fields.Integer("How many", default=2)

    # until when
    limit_seconds = fields.Integer("Time to decide in seconds", help="Working seconds.")
    limit_hours = fields.Float(
        "Hours to decide",
        compute="_compute_limit_hours",
        readonly=False,
        help="Working hours, counted like those of a service level. 0: no limit. Example: 4 is "
        "half a day.",
    )

    _sql_constraints = [
        (
            "amounts_in_order",
            "CHECK(COALESCE(amount_to, 0) = 0 OR amount_to >= COALESCE(amount_from, 0))",
            "The amount up to which a level is asked cannot be below the one from which it is.",
        ),
        (
            "needed_positive",
            "CHECK(mode != 'some' OR needed > 0)",
            "Say how many must agree, at least one.",
        ),
        (
            "limit_positive",
            "CHECK(COALESCE(limit_seconds, 0) >= 0)",
            "The time to decide cannot be negative.",
        ),
    ]

    @api.depends("limit_seconds")
    def _compute_limit_hours(self):
        for level in self:
            level.limit_hours = level.limit_seconds / HOUR

    @api.onchange("limit_hours")
    def _onchange_limit_hours(self):
        self.limit_seconds = round(self.limit_hours * HOUR)

    @api.model
    def _in_seconds(self, vals):
        """Return values with hours as the whole seconds that are kept."""
        if "limit_hours" not in vals:
            return vals
        return {"limit_seconds": round((vals["limit_hours"] or 0) * HOUR), **vals}

    @api.model_create_multi
    def create(self, vals_list):
        """Create levels."""
        return super().create([self._in_seconds(vals) for vals in vals_list])

    def write(self, vals):
        """Write levels."""
        return super().write(self._in_seconds(vals))
