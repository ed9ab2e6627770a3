from odoo import _, api, fields, models
from odoo.exceptions import UserError

# What a person can answer, with the words on the dialog.
ANSWERS = [
    ("approve", "Approve"),
    ("reject", "Reject"),
    ("withdraw", "Withdraw"),
]


class ExceptionApproval(models.Model):
    """Whose turn it is, and the buttons of lists, forms and cards.

    Buttons show what a person can do and hide what they cannot; whether they may is checked by
    the step when it is decided.
    """

    _inherit = "exception.approval"

    my_turn = fields.Boolean(
        "Waits for me", compute="_compute_my_turn", search="_search_my_turn", compute_sudo=False
    )
    my_refusal = fields.Char(
        "Why I cannot decide", compute="_compute_my_refusal", compute_sudo=False
    )
    may_withdraw = fields.Boolean(compute="_compute_my_refusal", compute_sudo=False)

    @api.depends("state", "step_ids.state", "step_ids.approver_ids", "step_ids.decision_ids")
    @api.depends_context("uid")
    def _compute_my_turn(self):
        for approval in self:
            # sudo: whether the user is asked, and nothing else
            steps = approval.sudo()._open_steps()
            waits = approval.state == "pending"
            approval.my_turn = waits and any(self.env.user in step._asked_now() for step in steps)

    @api.model
    def _search_my_turn(self, operator, value):
        mine = bool(value) == (operator == "=")
        # sudo: the faces of the user's own turns; the search itself keeps to the record rules
        faces = self.env["mail.activity"].sudo()
        domain = [("user_id", "=", self.env.uid), ("exception_approval_step_id", "!=", False)]
        ids = [face.res_id for face in faces.search(domain)]
        return [("id", "in" if mine else "not in", ids)]

    @api.depends("state", "step_ids.state", "step_ids.approver_ids", "step_ids.decision_ids")
    @api.depends_context("uid", "lang")
    def _compute_my_refusal(self):
        for approval in self:
            request = approval.sudo()  # sudo: the checks are made for the user
            approval.may_withdraw = not request._refuse_withdrawal(self.env.user)
            approval.my_refusal = (
                request._step_of(self.env.user)._refuse_now(self.env.user)
                if approval.my_turn
                else False
            )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_approve(self):
        """Agree: at once on a form or card that shows everything, after a look at the sum else."""
        if len(self) != 1:
            return self._open_answer("approve", _("Approve"))
        result = self.approve()
        kind = "warning" if result["state"] == "stale" else "success"
        return self.env["exception.case"]._notification(self.name, result["message"], kind)

    def action_reject(self):
        """Ask why, then reject."""
        return self._open_answer("reject", _("Reject"))

    def action_withdraw(self):
        """Ask why, then take the request back."""
        return self._open_answer("withdraw", _("Withdraw"))

    def _open_answer(self, answer, name):
        if not self:
            raise UserError(_("Choose at least one request."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.approval.answer",
            "views": [(False, "form")],
            "target": "new",
            "name": name,
            "context": {"default_answer": answer, "default_approval_ids": [(6, 0, self.ids)]},
        }

    def _answer(self, answer, comment, **more):
        """Answer these requests as the user, each by itself.

        :return: ``{"done": [ids], "skipped": [{"id", "reason"}], "messages": [sentences]}``
        """
        done, skipped, messages = [], [], []
        for approval in self:
            try:
                # one that cannot be decided must neither stop the others nor leave half of itself
                with self.env.cr.savepoint():
                    messages.append(getattr(approval, f"_answer_{answer}")(comment, **more))
                done.append(approval.id)
            except UserError as error:
                skipped.append({"id": approval.id, "reason": str(error)})
        return {"done": done, "skipped": skipped, "messages": messages}

    def _answer_approve(self, comment):
        return self._decide_mine("approve", comment, way="list")["message"]

    def _answer_reject(self, comment, reason_id=None):
        return self.reject(comment, reason_id)["message"]

    def _answer_withdraw(self, comment):
        self.withdraw(comment)
        return _("%(request)s: withdrawn.", request=self.name)

    def action_open_case(self):
        """Open the case that the request is about."""
        self.ensure_one()
        return self.case_id._open_form()

    def action_open_record(self):
        """Open the record that the request is about."""
        self.ensure_one()
        return self.case_id.action_open_record()

    def action_open_history(self):
        """Open the earlier requests of the kind for the customer."""
        self.ensure_one()
        return self.history_ids._open_requests(_("Such requests of %s", self.partner_id.name))

    def _open_requests(self, name):
        """Return the action that opens these requests as a list."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "domain": [("id", "in", self.ids)],
            "views": [(False, "tree"), (False, "kanban"), (False, "form")],
            "name": name,
        }

    def _open_request(self):
        """Return the action that opens this request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }
