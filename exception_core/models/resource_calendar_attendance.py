from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """A changed shift moves the promises that count in it; saving it stays as cheap as it was."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """Create shifts; promises are planned anew, later."""
        lines = super().create(vals_list)
        lines._exception_note_change()
        return lines

    def write(self, vals):
        """Write shifts; promises are planned anew, later."""
        before = self.calendar_id
        result = super().write(vals)
        self._exception_note_change(before)
        return result

    def unlink(self):
        """Delete shifts; promises are planned anew, later."""
        calendars = self.calendar_id
        result = super().unlink()
        self.env["exception.sla.change"]._record("calendar", calendars.ids)
        return result

    def _exception_note_change(self, before=None):
        # the hours of single people do not count for the desk
        calendars = self.filtered(lambda line: not line.resource_id).calendar_id
        if before:
            calendars |= before
        self.env["exception.sla.change"]._record("calendar", calendars.ids)
