from odoo import api, fields, models

STEP_STATES = [
    ("waiting", "Not yet its turn"),
    ("pending", "Asked"),
    ("escalated", "Asked, escalated"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("skipped", "Not needed any more"),
]


class ExceptionApprovalStep(models.Model):
    """One level of a request: who is asked, until when, and what they decided.

    The step holds the truth; activities, mails and lists are only its faces. ``_ask`` and
    ``_close`` are where a face learns that somebody's turn has come, or is over.
    """

    _name = "exception.approval.step"
    _description = "Approval Step"
    _inherit = ["exception.evidence"]
    _order = "approval_id desc, sequence, id"
    _rec_name = "name"

    approval_id = fields.Many2one(
        "exception.approval", "Request", required=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(related="approval_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="approval_id.company_id", store=True, index=True)
    level_id = fields.Many2one(
        "exception.approval.level", "Level", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char("Level as it was", required=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(STEP_STATES, required=True, default="waiting")
    why = fields.Text("Why it is asked")
    approver_ids = fields.Many2many(
        "res.users",
        "exception_approval_step_user_rel",
        "step_id",
        "user_id",
        "Asked now",
        help="Whoever has just been asked; nobody before it is the level's turn.",
    )
    left_out = fields.Text("Left out", help="Who would be asked but must not decide, and why.")
    needed = fields.Integer("Decisions needed", default=1)
    asked_at = fields.Datetime("Asked")
    due_at = fields.Datetime("Due")
    decided_at = fields.Datetime("Decided")
    decision_ids = fields.One2many("exception.approval.decision", "step_id", "Decisions")

    @api.model
    def _deciding(self):
        """Return the states in which a step waits for a decision."""
        return ("pending", "escalated")

    def _ask(self, users, needed=1):
        """Let people decide this step from now on: its turn has come.

        :param users: who is asked; they are told here, and not before
        :param needed: how many of them must agree
        """
        self._store(
            {
                "state": "pending",
                "asked_at": fields.Datetime.now(),
                "approver_ids": [(6, 0, users.ids)],
                "needed": needed,
            }
        )

    def _close(self, state):
        """End these steps; nobody is asked any more."""
        self._store({"state": state, "approver_ids": [(5,)], "decided_at": fields.Datetime.now()})
