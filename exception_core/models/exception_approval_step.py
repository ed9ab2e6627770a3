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
        "exception.approval.level", index="btree_not_null", ondelete="set null"
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
    deputies = fields.Json(help="Who is asked in whose name: {deputy: person}.")
    handed = fields.Json(help="To whom somebody has handed this request: {delegate: person}.")
    extra_ids = fields.Many2many(
        "res.users",
        "exception_approval_step_extra_rel",
        "step_id",
        "user_id",
        "Asked by escalation",
    )
    needed = fields.Integer("Decisions needed", default=1)
    asked_at = fields.Datetime("Asked")
    due_at = fields.Datetime("Due")
    decided_at = fields.Datetime("Decided")
    decision_ids = fields.One2many("exception.approval.decision", "step_id", "Decisions")

    @api.model
    def _deciding(self):
        """Return the states in which a step waits for a decision."""
        return ("pending", "escalated")

    def _ask(self, asked, state="pending"):
        """Let people decide this step from now on: its turn has come.

        :param asked: an :class:`Asked`; they are told by what follows from this, and not before
        """
        self._store(
            {
                "state": state,
                "asked_at": self.asked_at or fields.Datetime.now(),
                "approver_ids": [(6, 0, asked.asked.ids)],
                "deputies": {str(deputy.id): who.id for deputy, who in asked.deputies.items()},
                "needed": asked.needed,
                "left_out": "\n".join(sentence for _user, sentence in asked.left_out) or False,
            }
        )

    def _close(self, state):
        """End these steps; nobody is asked any more."""
        if self:
            now = fields.Datetime.now()
            self._store({"state": state, "approver_ids": [(5,)], "decided_at": now})

    def _asked_people(self, question):
        """Return who may decide this step now, as an :class:`Asked`.

        Looked up anew for every decision: whoever lost the role, the company or the team meanwhile
        is no longer among them.
        """
        self.ensure_one()
        question.step = self
        matrices = self.env["exception.approval.matrix"]
        extra = self.extra_ids if self.level_id else self.extra_ids | self.approver_ids
        return matrices._asked(self.level_id, question, extra, self._handed())

    def _handed(self):
        """Return to whom this request was handed: {delegate: person}."""
        users = self.env["res.users"].sudo()  # sudo: names of colleagues
        return {
            users.browse(int(delegate)): users.browse(person)
            for delegate, person in (self.handed or {}).items()
        }

    @api.model
    def _ask_again_for(self, users):
        """Look anew whom the open steps of these people ask; deputies come and go."""
        domain = [("state", "in", self._deciding()), ("approval_id.state", "=", "pending")]
        found = self.search(domain)
        # whoever is asked now, or would be if nobody stood in
        found = found.filtered(
            lambda step: users & (step.approver_ids | step._principals() | step.extra_ids)
        )
        for step in found:
            asked = step._asked_people(step.approval_id._question())
            if asked.asked != step.approver_ids and not asked.problem:
                step._ask(asked, step.state)

    def _principals(self):
        """Return in whose name deputies are asked."""
        ids = list((self.deputies or {}).values())
        return self.env["res.users"].sudo().browse(ids)  # sudo: as in _handed
