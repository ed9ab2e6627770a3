from odoo import _, api, models
from odoo.exceptions import ValidationError

# A level that approves by policy must say how far it goes by one of these.
BOUNDS = ("amount_to", "tier_ids", "contract")


class ExceptionApprovalMatrix(models.Model):
    """What may be configured: mistakes are refused when a policy is saved, not when it judges.

    Conditions are checked as those of triage rules, with the rights of whoever writes them.
    """

    _inherit = "exception.approval.matrix"

    @api.constrains("domain", "model_id", "record_domain", "company_id")
    def _check_conditions(self):
        for matrix in self:
            matrix._check_condition(matrix, _("the policy “%s”", matrix.name))
            matrix.level_ids._check_conditions()

    def _check_condition(self, holder, name):
        """Refuse conditions of the policy, or of a level of it, that cannot be evaluated."""
        about_record = (holder.record_domain or "[]").strip() != "[]"
        if about_record and not self.model_id:
            raise ValidationError(
                _("Say about which kind of record %s is before you ask something of it.", name)
            )
        draft = self.env["exception.rule"].new(
            {
                "name": name,
                "domain": holder.domain or "[]",
                "model_id": self.model_id.id,
                "record_domain": holder.record_domain or "[]",
            }
        )
        draft._check_case_domain()
        if self.model_id:
            draft._check_record_domain()
        draft._check_evaluation()

    @api.constrains("enabled", "level_ids")
    def _check_levels(self):
        for matrix in self:
            if matrix.enabled and not matrix.level_ids:
                raise ValidationError(
                    _("“%s” has no level yet, so it would stop every request.", matrix.name)
                )

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """A condition on another kind of record means nothing here."""
        self.record_domain = "[]"


class ExceptionApprovalLevel(models.Model):
    """What levels may say."""

    _inherit = "exception.approval.level"

    @api.constrains("domain", "record_domain")
    def _check_conditions(self):
        for level in self:
            level.matrix_id._check_condition(level, _("the level “%s”", level.name))

    @api.constrains("is_auto", "domain", "record_domain", *BOUNDS)
    def _check_auto(self):
        for level in self.filtered("is_auto"):
            conditions = ((level.domain or "[]").strip(), (level.record_domain or "[]").strip())
            bounded = any(level[name] for name in BOUNDS) or set(conditions) != {"[]"}
            if not bounded:
                raise ValidationError(
                    _(
                        "“%s” would approve everything by policy. Say up to which amount, or for "
                        "which cases.",
                        level.name,
                    )
                )

    @api.constrains(
        "is_auto",
        "approver_user_ids",
        "approver_group_ids",
        "approver_lead",
        "approver_manager",
        "approver_path",
    )
    def _check_people(self):
        for level in self:
            names = level._asks()
            if level.is_auto and names:
                raise ValidationError(
                    _(
                        "“%s” approves by policy, so it asks nobody. Take the people off it.",
                        level.name,
                    )
                )
            if not level.is_auto and not names:
                raise ValidationError(_("“%s” asks nobody yet. Say who decides.", level.name))
            for user in level.approver_user_ids:
                level._check_person(user)
            if level.approver_path:
                level._check_path()

    def _check_person(self, user):
        account = user.sudo()  # sudo: only whether the person can decide is asked
        company = self.matrix_id.company_id
        roles = ("exception_core.group_user", "exception_core.group_approver")
        if not account.active or account.share or not any(map(account.has_group, roles)):
            raise ValidationError(
                _(
                    "%s has none of the roles User and Approver: such people decide nothing.",
                    account.name,
                )
            )
        if company and company not in account.company_ids:
            raise ValidationError(
                _(
                    "%(user)s has no access to %(company)s.",
                    user=account.name,
                    company=company.name,
                )
            )

    def _check_path(self):
        model = self.env.get(self.matrix_id.model_id.model)
        if model is None:
            raise ValidationError(
                _("Say about which kind of record the policy is before a record names people.")
            )
        for name in self.approver_path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None or not field.relational:
                raise ValidationError(
                    _(
                        "“%(path)s” leads to no person: %(name)s is no link of the record. "
                        "Example: team_id.user_id",
                        path=self.approver_path,
                        name=name,
                    )
                )
            model = self.env[field.comodel_name]
        if model._name != "res.users":
            raise ValidationError(_("“%s” does not lead to a user.", self.approver_path))
