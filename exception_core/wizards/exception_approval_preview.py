from odoo import _, api, fields, models
from odoo.exceptions import UserError

MOST_CASES = 1000


class ExceptionApprovalPreview(models.TransientModel):
    """Who would have had to agree, and why: earnest judging of past cases, nothing is written."""

    _name = "exception.approval.preview"
    _inherit = "exception.dialog"
    _description = "Preview of Approvals"

    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Policy",
        help="Judge by this policy, in use or not. Empty: by whatever is in use now.",
    )
    action_id = fields.Many2one(
        "exception.action", help="As if this had been asked for. Empty: any."
    )
    case_id = fields.Many2one(
        "exception.case", default=lambda self: self._default_case(), help="Empty: the last cases."
    )
    number = fields.Integer("Last cases", default=200)
    line_ids = fields.One2many("exception.approval.preview.line", "preview_id", "Cases")
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _default_case(self):
        """Offer the case on whose form it was asked."""
        if self.env.context.get("active_model") != "exception.case":
            return False
        return self.env.context.get("active_id")

    @api.depends("line_ids.outcome")
    def _compute_summary(self):
        for preview in self:
            counts = {}
            for line in preview.line_ids:
                counts[line.outcome] = counts.get(line.outcome, 0) + 1
            preview.summary = preview.line_ids and _(
                "%(all)s cases: %(auto)s approved by policy, %(people)s asked of people, "
                "%(blocked)s that nobody could decide, %(other)s of another policy.",
                all=len(preview.line_ids),
                auto=counts.get("auto", 0),
                people=counts.get("people", 0),
                blocked=counts.get("blocked", 0),
                other=counts.get("other", 0),
            )

    def action_preview(self):
        """Judge the cases, and show who would have had to agree."""
        self.ensure_one()
        self.env["exception.approval.matrix"].check_access_rights("read")
        cases = self._cases()
        if not cases:
            raise UserError(_("There is no case yet that could be judged."))
        rows = self.env["exception.approval.matrix"]._preview(cases, self.matrix_id, self.action_id)
        self.line_ids.sudo().unlink()  # sudo: the dialog's own lines
        # sudo: lines are made by the model only
        self.env["exception.approval.preview.line"].sudo().create(
            [{**row, "preview_id": self.id} for row in rows]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "name": _("Who would have had to agree"),
        }

    def _cases(self):
        """Return the cases that are judged: those that the person sees."""
        if self.case_id:
            return self.case_id
        domain = []
        if self.matrix_id.company_id:
            domain.append(("company_id", "=", self.matrix_id.company_id.id))
        limit = max(1, min(self.number, MOST_CASES))
        return self.env["exception.case"].search(domain, order="id desc", limit=limit)


class ExceptionApprovalPreviewLine(models.TransientModel):
    """What a policy says to one case."""

    _name = "exception.approval.preview.line"
    _description = "Preview of an Approval"
    _order = "id"

    preview_id = fields.Many2one(
        "exception.approval.preview", required=True, ondelete="cascade", index=True
    )
    case_id = fields.Many2one("exception.case", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    outcome = fields.Selection(
        [
            ("auto", "By policy"),
            ("people", "Asked"),
            ("blocked", "Nobody could decide"),
            ("other", "Another policy"),
        ],
        readonly=True,
    )
    matrix_id = fields.Many2one("exception.approval.matrix", "Policy", readonly=True)
    who = fields.Text("Who would have had to agree", readonly=True)
    why = fields.Text(readonly=True)
