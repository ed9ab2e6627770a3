from odoo import _, api, models

SETTING = "exception_core.approval_admin_override"
# Where documents of any model keep who answers for them.
RESPONSIBLE = ("user_id", "invoice_user_id", "responsible_id")


class ExceptionApprovalDuty(models.Model):
    """Segregation of duties: who must not decide a request, and the sentence that says so.

    Each duty is one method that returns whom it concerns; ``_duties`` lists them with their words.
    They hold for everybody, administrators included, and for the deputies of these people.
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
            ("level", self._duty_other_level, _("%s has decided another level of it.")),
        ]

    @api.model
    def _refuse_for(self, user, question):
        """Say why a person must not decide a question; None if they may."""
        user = user.sudo()  # sudo: companies and groups of a colleague are read to refuse
        refusal = self.env["exception.approval.level"]._refuse_person(user, question)
        if refusal:
            return refusal
        duty = self._refuse_duty(user, question)
        return None if duty and self._above_duties(user) else duty

    @api.model
    def _refuse_deputy(self, user, question):
        """Say why a person must not decide in somebody's name; None if they may."""
        refusal = self.env["exception.approval.delegation"]._refuse_deputy(user)
        return refusal or self._refuse_for(user, question)

    @api.model
    def _refuse_duty(self, user, question):
        """Say which duty keeps a person from deciding; None when none does."""
        for people, sentence in self._people_on_duty(question):
            if user in people:
                return sentence % user.name
        for people, sentence in self._people_on_duty(question):
            for person in people:
                if user in question.deputies_of(person):
                    return _(
                        "%(user)s is the deputy of %(person)s. %(why)s",
                        user=user.name,
                        person=person.name,
                        why=sentence % person.name,
                    )
        return None

    @api.model
    def _refuse_chooser(self, person, question):
        """Say that somebody's deputy was chosen by who must not decide; None otherwise.

        Managers choose deputies for people who cannot: not for what they ask for themselves.
        """
        chooser = question.people.chosen_by[person]
        if chooser == person or not self.env["exception.approval.edit"]._is_person(chooser):
            return None
        return self._refuse_duty(chooser, question)

    @api.model
    def _people_on_duty(self, question):
        """Return (people, sentence) of each duty; looked up once for a question."""
        if question.duties is None:
            question.duties = [
                (people(question).sudo(), sentence) for _key, people, sentence in self._duties()
            ]
        return question.duties

    @api.model
    def _above_duties(self, user):
        """Tell whether the settings put this administrator above the duties."""
        # sudo: system parameters are not for users
        allowed = self.env["ir.config_parameter"].sudo().get_param(SETTING) == "yes"
        return allowed and user.has_group("exception_core.group_admin")

    # ------------------------------------------------------------------
    # the duties
    # ------------------------------------------------------------------

    @api.model
    def _duty_requester(self, question):
        return question.requester

    @api.model
    def _duty_proposer(self, question):
        """Whoever proposed what is to be carried out, or had it proposed in their name."""
        return question.proposers

    @api.model
    def _duty_owner(self, question):
        """Whoever owns the case now, or did when it was asked."""
        return question.case.user_id | question.owner

    @api.model
    def _duty_initiator(self, question):
        """Whoever made the document; behind a technical user, the person it was made for.

        A web order is made by the website's user: the person is the one who is its customer, or
        who is named as author of its first message.
        """
        record = question.record
        if record is None:
            return self.env["res.users"].sudo()  # sudo: as the question
        people = record.create_uid | self._involved(question)["initiators"]
        if "partner_id" in record._fields and record.partner_id._name == "res.partner":
            people |= record.partner_id.user_ids
        return people.filtered(self.env["exception.approval.edit"]._is_person)

    @api.model
    def _duty_salesperson(self, question):
        """Whoever answers for the document."""
        people = self.env["res.users"].sudo()  # sudo: as the question
        record = question.record
        for name in RESPONSIBLE:
            field = record is not None and record._fields.get(name)
            if field and field.comodel_name == "res.users":
                people |= record[name]
        return people

    @api.model
    def _duty_editor(self, question):
        """Whoever changed what is to be approved."""
        return self._involved(question)["editors"]

    @api.model
    def _involved(self, question):
        """Return who made and who changed what is asked about; looked up once for a batch."""
        people = question.people
        if people.involved is None:
            edits = self.env["exception.approval.edit"]
            people.involved = edits._involved(people.questions)
        return people.involved[question.case.id]

    @api.model
    def _duty_other_level(self, question):
        """Whoever has decided a level, and in whose name."""
        decisions = question.approval.step_ids.decision_ids
        if question.step:
            decisions = decisions.filtered(lambda one: one.step_id != question.step)
        return decisions.user_id | decisions.on_behalf_id
