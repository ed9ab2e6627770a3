from odoo import fields, models

DECISIONS = [("approve", "Approved"), ("reject", "Rejected")]
WAYS = [
    ("form", "Form"),
    ("list", "List"),
    ("activity", "Activity"),
    ("mail", "Mail link"),
    ("token", "Decision token"),
]


class ExceptionApprovalDecision(models.Model):
    """What one person decided on one step, in whose name, when and by which way."""

    _name = "exception.approval.decision"
    _description = "Approval Decision"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_name = "decision"

    step_id = fields.Many2one(
        "exception.approval.step", required=True, index=True, ondelete="restrict"
    )
    approval_id = fields.Many2one(related="step_id.approval_id", store=True, index=True)
    company_id = fields.Many2one(related="approval_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Who", required=True, index=True, ondelete="restrict")
    on_behalf_id = fields.Many2one(
        "res.users", "In the name of", index="btree_not_null", ondelete="restrict"
    )
    decision = fields.Selection(DECISIONS, required=True)
    comment = fields.Text()
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    way = fields.Selection(WAYS, "By", required=True, default="form")
    override = fields.Text(
        "Despite", help="Which duty an administrator set aside, where the settings allow it."
    )

    _sql_constraints = [
        ("step_user_uniq", "unique(step_id, user_id)", "Everybody decides a level once."),
    ]
