from odoo import SUPERUSER_ID, _, api, models


class ExceptionApprovalDuty(models.Model):
    """Segregation of duties: who must not decide a request, and the sentence that says so.

    Each duty is one method that returns whom it concerns; ``_duties`` lists them with their words.
    They hold for everybody, administrators included, and for deputies of these people.
    """

    _inherit = "exception.approval"

    @api.model
    def _duties(self):
        """Return (key, function of a question that gives people, sentence) of each duty."""
        return [
            ("requester", self._duty_requester, _("%s asked for it.")),
            ("proposer", self._duty_proposer, _("%s proposed it.")),
            ("owner", self._duty_owner, _("%s owns the case.")),
            ("initiator", self._duty_initiator, _("%s made the document.")),
            ("salesperson", self._duty_salesperson, _("%s is responsible for the document.")),
            ("editor", self._duty_editor, _("%s changed what is to be approved.")),
            ("level", self._duty_other_level, _("%s decided another level of it.")),
        ]

    def _refuse_approver(self, user):
        """Say why this person must not decide the request, as a sentence; None if they may."""
        self.ensure_one()
        return self._refuse_for(user, self._question())

    @api.model
    def _refuse_for(self, user, question):
        """Say why a person must not decide a question; None if they may."""
        user = user.sudo()  # sudo: companies and groups of a colleague are read to refuse
        refusal = self.env["exception.approval.level"]._refuse_person(
            user, question, (question.deciders, question.overseers)
        )
        return refusal or self._refuse_duty(user, question)

    @api.model
    def _refuse_duty(self, user, question):
        """Say which duty keeps a person from deciding; None when none does."""
        for _key, people, sentence in self._duties():
            if user in people(question):
                return sentence % user.name
        return None

    @api.model
    def _duty_requester(self, question):
        return question.requester

    @api.model
    def _duty_proposer(self, question):
        return self.env["res.users"]

    @api.model
    def _duty_owner(self, question):
        owner = question.owner or self.env["res.users"]
        return question.case.user_id | owner

    @api.model
    def _duty_initiator(self, question):
        """Whoever made the document; behind a technical user, the person it was made for."""
        record = question.record
        if record is None:
            return self.env["res.users"]
        people = record.create_uid
        if "partner_id" in record._fields and record.partner_id._name == "res.partner":
            people |= record.partner_id.user_ids
        return people.filtered(lambda user: user.id != SUPERUSER_ID)

    @api.model
    def _duty_salesperson(self, question):
        return self.env["res.users"]

    @api.model
    def _duty_editor(self, question):
        return self.env["res.users"]

    @api.model
    def _duty_other_level(self, question):
        approval = question.approval
        if not approval:
            return self.env["res.users"]
        decisions = approval.step_ids.decision_ids
        return decisions.user_id | decisions.on_behalf_id
