from odoo import fields, models


class ResCompany(models.Model):
    """Where companies may differ in how their desk works."""

    _inherit = "res.company"

    exception_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours of the desk",
        ondelete="set null",
        help="Promises count within these hours, unless the team or the service level has its "
        "own. Empty: the working hours of the company.",
    )
    exception_digest_hour = fields.Integer(
        "Hour of the morning digest",
        default=7,
        help="In the reader's time zone, 0 to 23; -1: no digest. Example: 7",
    )

    def write(self, vals):
        """Write companies; with other working hours their running clocks are planned later."""
        result = super().write(vals)
        if {"exception_calendar_id", "resource_calendar_id"} & vals.keys():
            self.env["exception.sla.change"]._record("company", self.ids)
        return result
