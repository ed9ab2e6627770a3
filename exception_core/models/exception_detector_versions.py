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
        super()._version_write(vals)
        if state == "enabled":
            self.action_enable()
        elif state in ("disabled", "draft") and self.state == "enabled":
            self.action_disable()
