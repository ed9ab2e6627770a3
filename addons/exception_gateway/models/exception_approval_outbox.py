from odoo import models

from .exception_delivery_outbox import Happening


class ExceptionApprovalStep(models.Model):
    """Whoever is asked to agree is told outside, too: a chat can ask them there.

    It is said when it is somebody's turn, at each level, also to deputies and after an escalation;
    that a request was made (``approval.requested``) comes before anybody is asked.
    """

    _inherit = "exception.approval.step"

    def _mail_asked(self, users):
        result = super()._mail_asked(users)
        deliveries = self.env["exception.delivery"]
        if users and deliveries._wanted("approval.asked"):
            approval = self.approval_id
            data = {"approval": {"id": approval.id, "name": approval.name}, "asked": users.ids}
            deliveries._put_out([Happening("approval.asked", self.case_id.id, data)])
        return result


class ExceptionCase(models.Model):
    """Names and addresses of who is asked, for subscriptions that need them to ask."""

    _inherit = "exception.case"

    def _payload_approvers(self):
        steps = self.approval_ids.step_ids
        asked = self.env["res.users"].union(*(step._asked_now() for step in steps))
        return [{"id": user.id, "name": user.name, "email": user.email or None} for user in asked]
