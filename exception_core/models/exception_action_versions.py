from odoo import api, models


class ExceptionActionVersions(models.Model):
    """Actions have versions: what they may do, up to which amounts, and who may run them."""

    _name = "exception.action"
    _inherit = ["exception.action", "exception.versioned"]

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "parameter_ids"]

    @api.model
    def _second_person_kind(self):
        return "action"


class ExceptionActionParameterVersions(models.Model):
    """Inputs belong to the versions of their action."""

    _name = "exception.action.parameter"
    _inherit = ["exception.action.parameter", "exception.versioned.part"]
    _versioned_parent = "action_id"
