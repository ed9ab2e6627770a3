from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """A day off that everybody has moves promises; one person's holiday does not."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        """Create days off; promises are planned anew, later."""
        leaves = super().create(vals_list)
        leaves._exception_note_change()
        return leaves

    def write(self, vals):
        """Write days off; promises are planned anew, later."""
        # both before and after: it may move to another calendar
        self._exception_note_change()
        result = super().write(vals)
        self._exception_note_change()
        return result

    def unlink(self):
        """Delete days off; promises are planned anew, later."""
        self._exception_note_change()
        return super().unlink()

    def _exception_note_change(self):
        shared = self.filtered(lambda leave: not leave.resource_id)
        if not shared:
            return
        changes = self.env["exception.sla.change"]
        changes._record("calendar", shared.calendar_id.ids)
        everywhere = shared.filtered(lambda leave: not leave.calendar_id)
        if everywhere:
            # 0: of every company
            changes._record("days_off", [leave.company_id.id or 0 for leave in everywhere])
