from odoo import _, api, fields, models
from odoo.exceptions import UserError

CATEGORY = "exception_approval"
# What says to whom a request goes, until when, and about what.
FACE = {
    "active",
    "activity_type_id",
    "automated",
    "date_deadline",
    "exception_approval_step_id",
    "note",
    "request_partner_id",
    "res_id",
    "res_model",
    "res_model_id",
    "summary",
    "user_id",
}


class MailActivity(models.Model):
    """The face of an approval request on the list of whoever is asked.

    It is made, changed and taken away by what happens to the step, and by nothing else: an
    activity that could be finished, reassigned or cancelled would let a request vanish without a
    decision. The rule is not who asks but what is true: while the step waits for this person, the
    face stays, also when code of other addons clears activities as superuser.
    """

    _inherit = "mail.activity"

    exception_approval_step_id = fields.Many2one(
        "exception.approval.step",
        "Approval step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )
    exception_can_decide = fields.Boolean(
        "I may decide", compute="_compute_exception_can_decide", compute_sudo=False
    )

    @api.depends("exception_approval_step_id")
    @api.depends_context("uid")
    def _compute_exception_can_decide(self):
        for activity in self:
            # sudo: whether the user is asked, and nothing else of the request
            step = activity.sudo().exception_approval_step_id
            asked = bool(step) and activity.user_id == self.env.user
            activity.exception_can_decide = asked and not step._refuse_now(self.env.user)

    # ------------------------------------------------------------------
    # what people may do with it
    # ------------------------------------------------------------------

    def exception_decide(self, decision, comment=None):
        """Decide the request whose face this is, as the current user.

        :param decision: ``approve`` or ``reject``
        :param comment: required when rejecting
        :return: ``{"message", "type"}`` to show
        """
        result = self._exception_asked_step()._decide(decision, comment, way="activity")
        kind = "success" if result["state"] != "stale" else "warning"
        return {"message": result["message"], "type": kind}

    def exception_open_approval(self):
        """Return the action that opens the whole request."""
        return self._exception_asked_step().approval_id._open_request()

    def _exception_asked_step(self):
        activity = self.exists()
        if not activity:
            raise UserError(
                _("This request no longer waits: somebody has decided it, or it was withdrawn.")
            )
        activity.ensure_one()
        activity.check_access_rule("read")
        # sudo: the link only; what the user may read of the step is checked where it is read
        step = activity.sudo().exception_approval_step_id.sudo(False)
        if not step:
            raise UserError(_("This activity is not an approval request."))
        step.check_access_rights("read")
        step.check_access_rule("read")
        return step

    # ------------------------------------------------------------------
    # guards
    # ------------------------------------------------------------------

    @api.model
    def _exception_by_model(self):
        return self.env["exception.evidence"]._by_model()

    def _exception_waiting(self):
        """Return those whose step still waits for the very person."""
        # sudo: the state of the steps only
        faces = self.sudo().filtered("exception_approval_step_id")
        return self.browse(
            face.id
            for face in faces
            if face.user_id in face.exception_approval_step_id._asked_now()
        )

    @api.model
    def _refuse_face(self):
        raise UserError(
            _(
                "This is an approval request. It is neither finished, changed nor cancelled like "
                "a chore: approve or reject it, or let the person who asked withdraw it."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create activities; faces of requests are made by their steps only."""
        activities = super().create(vals_list)
        if not self._exception_by_model():
            # sudo: the kind of activity only; defaults of the context count as well
            for activity in activities.sudo():
                if activity.exception_approval_step_id or activity.activity_category == CATEGORY:
                    self._refuse_face()
        return activities

    def write(self, vals):
        """Write activities; a face says what its step says."""
        if self._exception_by_model() or not FACE & vals.keys():
            return super().write(vals)
        # sudo: whether it is a face only
        if vals.get("exception_approval_step_id") or any(
            self.sudo().mapped("exception_approval_step_id")
        ):
            self._refuse_face()
        result = super().write(vals)
        if any(one.activity_category == CATEGORY for one in self.sudo()):
            self._refuse_face()
        return result

    def unlink(self):
        """Delete activities; faces stay while somebody is asked."""
        waiting = self.browse() if self._exception_by_model() else self._exception_waiting()
        if waiting and not self.env.su:
            self._refuse_face()
        # superuser code clears activities by the thousand (archived records, old ones): it must
        # neither fail because of a face nor take it away
        return super(MailActivity, self - waiting).unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        """Finish activities; a face is finished by a decision only."""
        if self.sudo().filtered("exception_approval_step_id"):  # sudo: whether it is a face only
            self._refuse_face()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
