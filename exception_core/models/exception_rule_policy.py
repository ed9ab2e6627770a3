from odoo import _, api, models
from odoo.exceptions import AccessError

from .exception_rule import DEFINING


class ExceptionRulePolicy(models.Model):
    """Rules that choose an approval policy are an administrator's: they decide who has to agree."""

    _inherit = "exception.rule"

    @api.model_create_multi
    def create(self, vals_list):
        """Create rules; those that choose a policy by administrators only."""
        rules = super().create(vals_list)
        rules._check_policy_right()
        return rules

    def write(self, vals):
        """Write rules; those that choose a policy, or did, by administrators only."""
        defining = bool(DEFINING & vals.keys())
        if defining:
            self._check_policy_right()
        result = super().write(vals)
        if defining:
            self._check_policy_right()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_by_administrators(self):
        self._check_policy_right()

    def _check_policy_right(self):
        """Refuse everybody but administrators where a policy is chosen."""
        if self.env.su or self.env.user.has_group("exception_core.group_admin"):
            return
        # sudo: only whether a policy is chosen
        if names := self.sudo().filtered("matrix_id").mapped("name"):
            raise AccessError(
                _(
                    "“%s” chooses the approval policy of cases, so that only administrators of "
                    "Exceptions change it.",
                    "”, “".join(names),
                )
            )


class ExceptionRuleFact(models.Model):
    """The conditions of such a rule are the administrator's as well."""

    _inherit = "exception.rule.fact"

    @api.model_create_multi
    def create(self, vals_list):
        """Create conditions."""
        facts = super().create(vals_list)
        facts.rule_id._check_policy_right()
        return facts

    def write(self, vals):
        """Write conditions."""
        self.rule_id._check_policy_right()
        result = super().write(vals)
        self.rule_id._check_policy_right()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_by_administrators(self):
        self.rule_id._check_policy_right()
