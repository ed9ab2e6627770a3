from collections import defaultdict

from odoo import api, fields, models

ACTIVITY = "exception_core.activity_approval"
# What a face shows of its step.
SHOWN = {"state", "approver_ids", "due_at"}


class ExceptionApprovalActivity(models.Model):
    """Requests have a chatter, and a face for each person who is asked.

    The faces belong to the request and not to its case, for four reasons: the systray then has a
    group of its own that opens the list of requests; people who work on the case have no rights
    over it; followers of the case, customers among them, never get an internal word; and nobody
    starts to get all mail of a case because they were asked once. The case shows them in its
    chatter all the same.
    """

    _name = "exception.approval"
    _inherit = ["exception.approval", "mail.thread", "mail.activity.mixin"]
    # whoever may read a request may ask back
    _mail_post_access = "read"

    @api.model
    def _written_by_others(self):
        return super()._written_by_others() | {
            "message_follower_ids",
            "activity_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create requests; that they were made is said by their fields."""
        quiet = self.with_context(mail_create_nolog=True)
        return super(ExceptionApprovalActivity, quiet).create(vals_list)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Leave out who is merely asked: they have the request on their list."""
        if self.env.context.get("exception_no_follow"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)


class ExceptionApprovalStep(models.Model):
    """Each person whom a step asks has one face: it follows from what is written to the step."""

    _inherit = "exception.approval.step"

    @api.model_create_multi
    def create(self, vals_list):
        """Create steps; whoever is asked at once is shown so."""
        steps = super().create(vals_list)
        steps._sync_faces()
        return steps

    def write(self, vals):
        """Write steps; the faces follow."""
        result = super().write(vals)
        if SHOWN & vals.keys():
            self._sync_faces()
        return result

    def _refuse_now(self, user):
        """Say why a person cannot agree to this step at this moment; None if they can."""
        self.ensure_one()
        # sudo: the checks of a decision, made for the person; none is taken
        return self.sudo()._refuse_decision(user.sudo(), "approve", "")

    def _asked_now(self):
        """Return who is asked and has not answered yet."""
        self.ensure_one()
        if self.state not in self._deciding():
            return self.env["res.users"]
        answered = self.decision_ids.user_id | self.decision_ids.on_behalf_id
        # a deputy stands for one person, and is not needed once that person has answered
        stands_for = {int(deputy): person for deputy, person in (self.deputies or {}).items()}
        return self.approver_ids.filtered(
            lambda user: user not in answered and stands_for.get(user.id) not in answered.ids
        )

    def _sync_faces(self):
        """Make, move and take away activities so that they show who is asked until when."""
        # the environment of a step that is written lets them through their guards
        faces = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        known = faces.with_context(active_test=False).search(
            [("exception_approval_step_id", "in", self.ids)]
        )
        wanted = {(step, user): step._face_day(user) for step in self for user in step._asked_now()}
        ended = known.filtered(
            lambda face: (face.exception_approval_step_id, face.user_id) not in wanted
        )
        ended.unlink()
        late = defaultdict(faces.browse)
        for face in known - ended:
            day = wanted.pop((face.exception_approval_step_id, face.user_id))
            if face.date_deadline != day:
                late[day] |= face
        for day, moved in late.items():
            moved.write({"date_deadline": day})
        # nobody starts to follow because they are asked
        faces.with_context(exception_no_follow=True).create(
            [step._face_values(user, day) for (step, user), day in wanted.items()]
        )
        for step in self:
            step._mail_asked(self.env["res.users"].union(*[u for s, u in wanted if s == step]))

    def _face_day(self, user):
        """Return the day of the deadline where the person lives; today when there is none."""
        there = self.with_context(tz=user.tz or "UTC")
        return fields.Date.context_today(there, self.due_at or fields.Datetime.now())

    def _face_values(self, user, day):
        approval = self.approval_id.with_context(lang=user.lang, tz=user.tz)
        return {
            "activity_type_id": self.env.ref(ACTIVITY).id,
            "res_model_id": self.env["ir.model"]._get_id(approval._name),
            "res_id": approval.id,
            "exception_approval_step_id": self.id,
            "user_id": user.id,
            "automated": True,
            "date_deadline": day,
            "summary": approval._sentence(),
            "note": approval._face_note(),
        }


class ExceptionApprovalDecision(models.Model):
    """Whoever has answered is not asked any more, though the level may wait for others."""

    _inherit = "exception.approval.decision"

    @api.model_create_multi
    def create(self, vals_list):
        """Create decisions; the faces follow."""
        decisions = super().create(vals_list)
        decisions.step_id._sync_faces()
        return decisions


class ExceptionCase(models.Model):
    """The chatter of a case shows who is asked to agree, with the same buttons."""

    _inherit = "exception.case"

    def _get_mail_thread_data(self, request_list):
        result = super()._get_mail_thread_data(request_list)
        if self and "activities" in request_list:
            asked = self.approval_ids.filtered(lambda one: one.state == "pending")
            faces = asked.activity_ids.filtered("exception_approval_step_id").activity_format()
            # they belong to the requests: this is how the client knows that they are shown here
            shown = [{**face, "exception_shown_case_id": self.id} for face in faces]
            result["activities"] = shown + result["activities"]
        return result
