from odoo import api, fields, models


class ExceptionCaseApproval(models.Model):
    """The requests for approval of a case."""

    _inherit = "exception.case"

    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Approval policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Judges what is asked for on this case, where the action names none of its own.",
    )
    approval_ids = fields.One2many("exception.approval", "case_id", "Approvals", readonly=True)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"matrix_id", "approval_ids"}

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
