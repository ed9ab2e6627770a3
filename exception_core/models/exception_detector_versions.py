from odoo import api, models


class ExceptionDetectorVersions(models.Model):
    """What belongs to a version of a detector, and how one is taken back."""

    _inherit = "exception.detector"

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "parameter_ids", "fact_ids", "trigger_ids"]

    def _version_write(self, vals):
        """Restore the state through the doors that check a detector before it works."""
        state = vals.pop("state", None)
        result = super()._version_write(vals)
        if state == "enabled":
            self.action_enable()
        elif state in ("disabled", "draft") and self.state == "enabled":
            self.action_disable()
        return result

    @api.model
    def _second_person_kind(self):
        return "hold"

    def _second_person_in_force(self):
        """A detector that finds, and holds what it finds."""
        return self.filtered(lambda one: one.active and one.state == "enabled" and one.holds)

    @api.model
    def _second_person_free(self):
        return super()._second_person_free() | {"name", "owner_id"}

    @api.model
    def _second_person_verbs(self):
        return super()._second_person_verbs() | {"action_enable", "action_disable"}
