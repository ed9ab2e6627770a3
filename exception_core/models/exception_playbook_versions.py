from odoo import api, models


class ExceptionPlaybookVersions(models.Model):
    """Who changed a playbook, and why; which steps a case follows is the playbook's own number."""

    _name = "exception.playbook"
    _inherit = ["exception.playbook", "exception.versioned"]

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "step_ids"]

    @api.model
    def _second_person_kind(self):
        return "action"

    def _second_person_in_force(self):
        return self.filtered(lambda playbook: playbook.active and playbook.enabled)


class ExceptionPlaybookStepVersions(models.Model):
    """Steps belong to the versions of their playbook."""

    _name = "exception.playbook.step"
    _inherit = ["exception.playbook.step", "exception.versioned.part"]
    _versioned_parent = "playbook_id"

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "input_ids"]
