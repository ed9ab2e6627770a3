from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.domain_names import DOMAIN_NAMES
from ..tools.domain_text import evaluate_domain
from .exception_rule import SETS

JSON_FIELDS = {"facts", "decisions"}


class ExceptionRuleCheck(models.Model):
    """What may be configured: mistakes are refused when a rule is saved, not when a case opens.

    Rules are evaluated as superuser, so a person may only ask what that person may read.
    """

    _inherit = "exception.rule"

    @api.constrains("domain", "model_id", "record_domain", "fact_ids", "company_id", "owner_id")
    def _check_condition(self):
        for rule in self:
            rule._check_case_domain()
            if rule.model_id:
                rule._check_record_domain()
            rule._check_evaluation()

    def _check_case_domain(self):
        domain = self._parse_domain("domain")
        detectors = self.env["exception.detector"]
        for path in detectors._domain_leaves(domain):
            if path in JSON_FIELDS:
                raise ValidationError(
                    _(
                        "“%s” cannot be part of the condition. Put what the detector saw under "
                        "“Conditions on what the detector saw”.",
                        path,
                    )
                )
        self._check_paths("exception.case", domain)

    def _check_record_domain(self):
        model = self.env.get(self.model_id.model)
        if model is None or model._abstract or model._transient or not model._auto:
            raise ValidationError(_("%s has no records that cases are about.", self.model_id.name))
        self.env["exception.detector"]._check_model(model)
        self._check_paths(model._name, self._parse_domain("record_domain"))

    def _check_paths(self, model_name, domain):
        try:
            self.env["exception.detector"]._check_domain_paths(model_name, domain)
        except (TypeError, IndexError, AttributeError) as error:
            raise ValidationError(_("This is no condition: %s", domain)) from error

    def _parse_domain(self, name):
        try:
            return evaluate_domain(self[name] or "[]", fields.Datetime.now())
        except Exception as error:
            raise ValidationError(
                _(
                    "The condition of “%(rule)s” cannot be read: %(error)s. Values may use "
                    "%(names)s.",
                    rule=self.name,
                    error=error,
                    names=", ".join(DOMAIN_NAMES),
                )
            ) from error

    def _check_evaluation(self):
        """Let the database and the rule itself evaluate the condition on one case."""
        # sudo: only whether it can be evaluated is asked
        rule = self.sudo()
        cases = rule.env["exception.case"].search([], limit=1, order="id desc")
        definition = rule._definition()
        try:
            with self.env.cr.savepoint():
                cases.search(evaluate_domain(definition["domain"], fields.Datetime.now()), limit=1)
                if definition["model"]:
                    domain = evaluate_domain(definition["record_domain"], fields.Datetime.now())
                    rule.env[definition["model"]].search(domain, limit=1)
        except Exception as error:
            raise ValidationError(rule._cannot_be_evaluated(error)) from error
        _verdict, errors = rule._judge([definition], cases, {}, {})
        for error in errors.values():
            raise ValidationError(rule._cannot_be_evaluated(error))

    def _cannot_be_evaluated(self, error):
        return _(
            "The condition of “%(rule)s” cannot be evaluated: %(error)s",
            rule=self.name,
            error=str(error).strip(),
        )

    @api.constrains(*SETS, "stop", "company_id", "active")
    def _check_effect(self):
        for rule in self:
            if not rule.stop and not any(rule[name] for name in SETS):
                raise ValidationError(
                    _(
                        "“%s” decides nothing yet. Choose what it sets, or let it stop the rules "
                        "below.",
                        rule.name,
                    )
                )
            rule._check_team()
            rule._check_new_owner()
            if not rule.sla_policy_id.active and rule.sla_policy_id:
                raise ValidationError(
                    _("%s is archived: choose another service level.", rule.sla_policy_id.name)
                )
            if rule.playbook_id and not rule.playbook_id.active:
                raise ValidationError(
                    _("%s is archived: choose another playbook.", rule.playbook_id.name)
                )
            if rule.matrix_id and not rule.matrix_id.active:
                raise ValidationError(
                    _("%s is archived: choose another policy.", rule.matrix_id.name)
                )

    def _check_team(self):
        team = self.team_id
        if not team:
            return
        team.check_access_rule("read")
        if not team.active:
            raise ValidationError(_("%s is archived: choose another team.", team.name))
        if team.company_id and team.company_id != self.company_id:
            raise ValidationError(
                _(
                    "%(team)s works for %(company)s only. Make this a rule of that company, or "
                    "choose a team of all companies.",
                    team=team.name,
                    company=team.company_id.name,
                )
            )

    def _check_new_owner(self):
        user = self.user_id.sudo()  # sudo: only whether the person can work on the cases is read
        if not user:
            return
        if not user.active or user.share or not user.has_group("exception_core.group_user"):
            raise ValidationError(
                _(
                    "%s does not work on exceptions: choose somebody of the group “User” of "
                    "Exceptions.",
                    user.name,
                )
            )
        # sudo: only companies are compared
        lacking = (self.company_id or self.sudo().team_id.company_id) - user.company_ids
        if lacking:
            raise ValidationError(
                _(
                    "%(user)s has no access to %(company)s, whose cases the rule is about.",
                    user=user.name,
                    company=lacking.name,
                )
            )

    # ------------------------------------------------------------------
    # while it is written
    # ------------------------------------------------------------------

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """A condition on another kind of record means nothing here."""
        self.record_domain = "[]"

    @api.model
    def preview_condition(self, values):
        """Say how many records a condition matches while it is written, or why it cannot work.

        Counts what the person may see, which for cases may be less than what a rule judges.

        :param dict values: ``model`` and ``domain``
        :return: ``{"count": number}`` or ``{"error": sentence}``
        """
        self.check_access_rights("write")
        is_case = values.get("model") == "exception.case"
        model = self.env["ir.model"].sudo()._get(values.get("model"))  # sudo: names only
        draft = self.new(
            {
                "name": _("New condition"),
                "model_id": False if is_case else model.id,
                "domain" if is_case else "record_domain": values.get("domain"),
            }
        )
        try:
            if is_case:
                draft._check_case_domain()
            else:
                draft._check_record_domain()
            with self.env.cr.savepoint():
                domain = draft._parse_domain("domain" if is_case else "record_domain")
                return {"count": self.env[model.model].search_count(domain)}
        except UserError as error:
            return {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - whatever the database says about it
            return {"error": str(error).strip()}
