from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionApprovalMatrix(models.Model):
    """A policy: what needs whose agreement.

    The first enabled matrix whose scope fits a request judges it, unless the action, the case or
    its type names one: then that one judges, and no other. Each level says when it is asked and
    whom. Only a level that approves by policy does so without a person. Checks of what may be
    configured are in ``exception_approval_matrix_check``, judging in ``exception_approval_judge``.
    """

    _name = "exception.approval.matrix"
    _description = "Approval Policy"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.switchable"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True, help="Example: Refunds by amount")
    description = fields.Text(help="What the policy is for, for the next person who reads it.")
    sequence = fields.Integer(default=10, help="The first policy that fits a request judges it.")
    enabled = fields.Boolean(
        "In use",
        help="Only policies in use judge requests. Preview a draft on past cases first.",
    )
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Is told when nobody can decide what the policy asks.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a policy of all companies."
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", help="In which the thresholds are given."
    )

    # scope
    type_ids = fields.Many2many(
        "exception.type",
        "exception_approval_matrix_type_rel",
        "matrix_id",
        "type_id",
        "Types",
        help="Cases of these types; empty: of any.",
    )
    tag_ids = fields.Many2many(
        "exception.tag",
        "exception_approval_matrix_tag_rel",
        "matrix_id",
        "tag_id",
        "Tags",
        help="Cases with one of these tags; empty: any.",
    )
    domain = fields.Char("Which cases", default="[]", tracking=True)
    model_id = fields.Many2one(
        "ir.model",
        "Kind of record",
        ondelete="cascade",
        domain=[("transient", "=", False), ("model", "not like", "exception.")],
        help="Empty: cases on any record. Example: Sales Order.",
    )
    model = fields.Char(related="model_id.model", string="Model name")
    record_domain = fields.Char(
        "Which records",
        default="[]",
        tracking=True,
        help="Example: a line has a product of the category Furniture.",
    )

    # what it asks
    level_ids = fields.One2many(
        "exception.approval.level", "matrix_id", "Levels", copy=True, tracking=True
    )
    in_order = fields.Boolean(
        "One level after the other",
        default=True,
        help="Off: all levels are asked at once.",
    )
    escalation_policy_id = fields.Many2one(
        "exception.escalation.policy",
        "Escalation",
        ondelete="restrict",
        help="Who is told, and who may decide instead, when a level does not answer in time. "
        "Empty: the policy of the case.",
    )
    approval_ids = fields.One2many("exception.approval", "matrix_id", "Requests")
    approval_count = fields.Integer("Number of requests", compute="_compute_approval_count")

    @api.depends("company_id")
    def _compute_currency_id(self):
        # sudo: which currency limits are given in is no secret
        score = self.env["exception.score"].sudo()
        for matrix in self:
            matrix.currency_id = matrix.company_id.sudo().currency_id or score._limit_currency()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_approval_count(self):
        groups = self.env["exception.approval"]._read_group(
            [("matrix_id", "in", self.ids)], ["matrix_id"], ["__count"]
        )
        counts = {matrix.id: count for matrix, count in groups}
        for matrix in self:
            matrix.approval_count = counts.get(matrix.id, 0)

    def copy(self, default=None):
        """Copy one policy with its levels, under a name of its own and not in use."""
        self.ensure_one()
        return super().copy({"name": _("%s (copy)", self.name), **(default or {})})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: requests of other companies keep their policy as well
        if self.sudo().approval_ids:
            raise UserError(
                _("A policy that has judged requests stays for the record. Archive it instead.")
            )

    def action_open_approvals(self):
        """Open what this policy has judged."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_approval_action_all", [("matrix_id", "=", self.id)]
        )
