from odoo import _, api, fields, models
from odoo.tools import SQL

STATES = [
    ("pending", "Waits for a decision"),
    ("blocked", "Nobody can decide"),
    ("approved", "Approved"),
    ("executed", "Carried out"),
    ("failed", "Approved, but it failed"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("stale", "Changed since, asked again"),
]
# Under decision: the case waits for these.
OPEN = ("pending", "blocked")
OUTCOMES = [
    ("policy", "By policy"),
    ("manager", "By approvers"),
    ("escalated", "After escalation"),
]


class ExceptionApproval(models.Model):
    """A request to carry out one thing on one case, and what came of it.

    Its steps are the levels of the policy that asks; the decisions of people belong to the steps.
    All of it is evidence. The concerns live beside this file: asking
    (``exception_approval_request``), deciding (``_decide``), who must not decide (``_duty``), what
    follows from a decision (``_end``), documents that change meanwhile (``_change``), time
    (``_clock``).
    """

    _name = "exception.approval"
    _description = "Approval Request"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_names_search = ["name", "case_id.name", "res_name"]

    name = fields.Char("Request", required=True, help="What is asked for, in one line.")
    case_id = fields.Many2one("exception.case", required=True, index=True, ondelete="restrict")
    state = fields.Selection(STATES, required=True, default="pending", index=True)
    outcome = fields.Selection(OUTCOMES, "Decided", help="How it was approved or rejected.")
    reason = fields.Text("Why it is asked for")
    requested_by = fields.Many2one(
        "res.users", "Asked by", required=True, index=True, ondelete="restrict"
    )
    requested_at = fields.Datetime("Asked on", required=True, default=fields.Datetime.now)
    decided_at = fields.Datetime("Decided at")
    owner_id = fields.Many2one(
        "res.users", "Owner when it was asked", ondelete="restrict", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="restrict")

    # what it is about
    res_model = fields.Char("Record model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    res_name = fields.Char("Record name")
    partner_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="set null")
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    company_amount = fields.Monetary(
        "Amount (company currency)", currency_field="company_currency_id"
    )
    has_margin = fields.Boolean("Margin is known")
    margin_before = fields.Monetary(currency_field="company_currency_id")
    margin_after = fields.Monetary(currency_field="company_currency_id")
    margin_change = fields.Monetary(
        currency_field="company_currency_id", compute="_compute_margin_change"
    )

    # which policy asks
    matrix_id = fields.Many2one(
        "exception.approval.matrix", "Policy", index="btree_not_null", ondelete="restrict"
    )
    why = fields.Text("Why it needs approval", help="Which rule of the policy asks, and for whom.")
    problem = fields.Text("Why nobody can decide")
    step_ids = fields.One2many("exception.approval.step", "approval_id", "Levels")
    approver_ids = fields.Many2many(
        "res.users", compute="_compute_approver_ids", search="_search_approver_ids", string="Asked"
    )
    due_at = fields.Datetime("Due", compute="_compute_due_at")

    # what was approved is what runs
    snapshot = fields.Json(help="What was asked about, as it was then.", prefetch=False)
    changes = fields.Json("Changed since", prefetch=False)
    renewed_from_id = fields.Many2one(
        "exception.approval", "Asked again for", index="btree_not_null", ondelete="restrict"
    )
    rejection_id = fields.Many2one("exception.reason", "Reason code", ondelete="restrict")
    conclusion = fields.Text("What was said", help="The words of the decision that ended it.")

    def init(self):
        """Index what is looked up all day: requests under decision, and those of a record."""
        result = super().init()
        for name, columns, condition in (
            ("exception_approval_open_idx", "(case_id)", "state IN ('pending', 'blocked')"),
            ("exception_approval_record_idx", "(res_model, res_id)", "res_id IS NOT NULL"),
        ):
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON exception_approval %s WHERE %s",
                    SQL.identifier(name),
                    SQL(columns),
                    SQL(condition),
                )
            )
        return result

    @api.depends("margin_before", "margin_after", "has_margin")
    def _compute_margin_change(self):
        for approval in self:
            change = approval.margin_after - approval.margin_before
            approval.margin_change = change if approval.has_margin else 0.0

    @api.depends("step_ids.state", "step_ids.approver_ids")
    def _compute_approver_ids(self):
        for approval in self:
            approval.approver_ids = approval._open_steps().approver_ids

    @api.model
    def _search_approver_ids(self, operator, value):
        """Find the requests that wait for these people."""
        steps = self.env["exception.approval.step"]
        domain = [("state", "in", steps._deciding()), ("approver_ids", operator, value)]
        return [("step_ids", "any", domain), ("state", "=", "pending")]

    @api.depends("step_ids.state", "step_ids.due_at")
    def _compute_due_at(self):
        for approval in self:
            approval.due_at = min(
                filter(None, approval._open_steps().mapped("due_at")), default=False
            )

    @api.depends("name", "case_id.name")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = _(
                "%(case)s: %(request)s", case=approval.case_id.name, request=approval.name
            )

    def _open_steps(self):
        """Return the steps that wait for somebody's decision now."""
        deciding = self.env["exception.approval.step"]._deciding()
        return self.step_ids.filtered(lambda step: step.state in deciding)

    def _subject(self):
        """Return the record that the request is about, as superuser; empty when it has none."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return None
        # sudo: what is asked about it is decided by people who may not open it
        return self.env[self.res_model].sudo().browse(self.res_id).exists() or None
