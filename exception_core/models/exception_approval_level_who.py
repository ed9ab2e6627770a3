from odoo import _, api, models

from .exception_approval_level import PEOPLE


class ExceptionApprovalLevel(models.Model):
    """Whom a level asks."""

    _inherit = "exception.approval.level"

    def _people(self, question):
        """Return everybody whom the level names for a question, whether they may decide or not."""
        self.ensure_one()
        people = self.approver_user_ids | self.approver_group_ids.users
        if self.approver_lead:
            people |= self._team_asked(question).lead_id
        if self.approver_manager:
            people |= question.requester.exception_manager_id
        if self.approver_path and question.record:
            people |= self._people_of_record(question.record)
        return people

    @api.model
    def _team_asked(self, question):
        """Return the team whose lead agrees: the case's, unless who asks has chosen it.

        Whoever moves a case and then asks would choose who has to agree: the lead of the team to
        which the desk had sent the case is asked instead.
        """
        # sudo: the trace of decisions is the model's own
        case = question.case.sudo()
        entry = (case.decisions or {}).get("team_id", {})
        asking = question.requester | question.proposers
        if entry.get("person", {}).get("id") not in asking.ids:
            return case.team_id
        sent_to = entry["rule"]["value"] if "rule" in entry else entry["was"]
        return case.team_id.browse(sent_to or ()).exists()

    def _asks(self):
        """Return the names of the fields by which the level asks people."""
        return [name for name in PEOPLE if self[name]]

    def _people_of_record(self, record):
        """Return the users at the end of the path; none where the record has no such path."""
        found = record
        for name in self.approver_path.split("."):
            if name not in found._fields:
                return self.env["res.users"]
            found = found[name]
        return found if found._name == "res.users" else self.env["res.users"]

    def _needed_of(self, people):
        """Return how many of these people must agree."""
        if self.mode == "all":
            return max(len(people), 1)
        return self.needed if self.mode == "some" else 1

    def _who_words(self):
        """Return whom the level asks, and how many must agree, as one line."""
        self.ensure_one()
        if self.is_auto:
            return _("nobody: approved by policy")
        names = [
            # sudo: the names of whom a policy asks
            *self.sudo().approver_user_ids.mapped("name"),
            *self.sudo().approver_group_ids.mapped("full_name"),
            self.approver_lead and _("the team lead"),
            self.approver_manager and _("the requester's manager"),
            self.approver_path and _("%s of the record", self._path_words()),
        ]
        people = ", ".join(filter(None, names))
        if self.mode == "all":
            return _("all of: %s", people)
        if self.mode == "some":
            return _("%(number)s of: %(people)s", number=self.needed, people=people)
        return people

    def _path_words(self):
        model = self.env.get(self.model)
        labels = []
        for name in (self.approver_path or "").split("."):
            if model is None or name not in model._fields:
                return self.approver_path
            field = model._fields[name]
            labels.append(field._description_string(self.env))
            model = self.env[field.comodel_name] if field.relational else None
        return " › ".join(labels)

    @api.model
    def _refuse_person(self, user, question):
        """Say why a person cannot take part in decisions on this case at all; None if they can."""
        people = question.people
        if not user.active or user.share:
            return _("%s works here no more.", user.name)
        if question.company not in user.company_ids:
            return _(
                "%(user)s has no access to %(company)s.",
                user=user.name,
                company=question.company.name,
            )
        if user.id not in people.deciders:
            return _("%s has none of the roles User and Approver of Exceptions.", user.name)
        if not question.case._may_be_told(user, (people.deciders, people.overseers)):
            return _("%s does not see cases of this team.", user.name)
        return None
