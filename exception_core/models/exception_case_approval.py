from odoo import _, api, fields, models

from .exception_approval import OPEN
from .exception_case_close import ENDED


class ExceptionCaseApproval(models.Model):
    """The requests for approval of a case, and what they mean for working on it.

    While a request is open the case waits in the state "approval": it is taken back first, or the
    case is cancelled, which takes it back as well. The clock of the resolution runs on, because
    the customer waits no less.
    """

    _inherit = "exception.case"

    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Approval policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Judges what is asked for on this case, where the action names no policy of its own.",
    )
    approval_ids = fields.One2many("exception.approval", "case_id", "Approvals", readonly=True)
    approval_count = fields.Integer("Requests", compute="_compute_approval_count")
    rejection = fields.Char(
        compute="_compute_rejection",
        help="Who rejected the last request, and why, while somebody has to go on from there.",
    )

    @api.depends("approval_ids.state", "state")
    def _compute_rejection(self):
        # sudo: how a request ended is no secret to who sees the case
        requests = self.env["exception.approval"].sudo().search([("case_id", "in", self.ids)])
        last = {}
        for request in requests.sorted("id"):
            last[request.case_id.id] = request
        for case in self:
            request = last.get(case.id)
            rejected = case.is_open and request and request.state == "rejected"
            case.rejection = rejected and _(
                "%(who)s rejected “%(what)s”: %(why)s",
                who=", ".join(
                    request.step_ids.decision_ids.filtered(
                        lambda one: one.decision == "reject"
                    ).user_id.mapped("name")
                ),
                what=request.name,
                why=request.conclusion or request.rejection_id.name or _("no reason given"),
            )

    @api.depends("approval_ids")
    @api.depends_context("uid")
    def _compute_approval_count(self):
        groups = self.env["exception.approval"]._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        counts = {case.id: count for case, count in groups}
        for case in self:
            case.approval_count = counts.get(case.id, 0)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"matrix_id", "approval_ids"}

    def write(self, vals):
        """Write cases; what is asked for on a case that ends is taken back."""
        result = super().write(vals)
        if vals.get("state") in ENDED:
            self._open_approvals()._withdraw(_("The case has ended."))
        return result

    def _open_approvals(self):
        """Return the requests on these cases that are not decided."""
        # sudo: they belong to the cases, whoever ends these
        approvals = self.env["exception.approval"].sudo()
        return approvals.search([("case_id", "in", self.ids), ("state", "in", OPEN)])

    def _end_with(self, reason, note, outcome, **vals):
        if outcome != "cancelled":
            return super()._end_with(reason, note, outcome, **vals)

        def refuse(case):
            waits = case.state == "approval"
            return (
                (None if waits else case._refuse_ended())
                or case._refuse_to_free()
                or case._refuse_reason(reason)
            )

        def apply(cases):
            cases._end(outcome, resolution_id=reason.id, resolution_note=note or False, **vals)

        return self._run_verb(refuse, apply)

    def _next_step(self):
        if self.state != "approval":
            return super()._next_step()
        # sudo: who decides is no secret to who sees the case
        requests = self.sudo()._open_approvals()
        if blocked := requests.filtered(lambda one: one.state == "blocked")[:1]:
            return _("Nobody can decide “%s”: an administrator helps", blocked.name)
        people = ", ".join(requests.approver_ids.mapped("name"))
        return _("Waits for the decision of %s", people or _("nobody"))

    def _risk_score(self):
        """Return the risk of the case from 0 to 100; addons that measure risk replace it."""
        self.ensure_one()
        return self.score


class ExceptionType(models.Model):
    """The policy of a type's cases."""

    _inherit = "exception.type"

    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Approval policy",
        index="btree_not_null",
        ondelete="restrict",
        help="Judges what is asked for on cases of this type, where the action names none. Empty: "
        "the first policy in use that fits.",
    )
