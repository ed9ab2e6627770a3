from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import option_rank

WEIGHTS = {f"exception_option_{part}": part for part in option_rank.PARTS}


class ResCompany(models.Model):
    """What counts how much when the ways out of a case are ranked."""

    _inherit = "res.company"

    exception_option_cost = fields.Integer("Weight of what a way out costs", default=30)
    exception_option_margin = fields.Integer("Weight of its effect on the margin", default=30)
    exception_option_delay = fields.Integer("Weight of the customer's delay", default=25)
    exception_option_needs = fields.Integer("Weight of what it needs", default=15)

    @api.constrains(*WEIGHTS)
    def _check_exception_option_weights(self):
        for company in self:
            weights = {part: company[name] for name, part in WEIGHTS.items()}
            wrong = option_rank.refuse_weights(weights)
            if wrong == "none":
                raise ValidationError(
                    _("Give at least one part of the ways out a weight, for example cost 30.")
                )
            if wrong:
                raise ValidationError(
                    _("A weight is a whole number of at least 0, for example 30.")
                )


class ExceptionSettingsOption(models.AbstractModel):
    """Settings of options: the weights by which ways out are ranked."""

    _inherit = "exception.settings.mixin"

    exception_option_cost = fields.Integer("Cost", company_value=True)
    exception_option_margin = fields.Integer("Effect on the margin", company_value=True)
    exception_option_delay = fields.Integer("Delay to the customer", company_value=True)
    exception_option_needs = fields.Integer("What it needs", company_value=True)
