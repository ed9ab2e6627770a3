from odoo import api, fields, models

KINDS = [
    ("policy", "Service level"),
    ("calendar", "Working hours"),
    ("days_off", "Public holiday"),
    ("team", "Team"),
    ("company", "Company"),
]


class ExceptionSlaChange(models.Model):
    """A queue of changes that move deadlines: saved with the change, applied by the next tick.

    Whoever saves working hours, a public holiday or a service level adds a line here and nothing
    else, so that saving stays cheap however many clocks run. The tick of ``exception.sla.clock``
    applies the lines and removes them; what changed for a case is said on the case. No foreign
    key: what the line names may be gone when it is read.
    """

    _name = "exception.sla.change"
    _description = "Change of Promises"
    _order = "id"
    _log_access = False

    kind = fields.Selection(KINDS, required=True, readonly=True)
    res_id = fields.Integer(
        "Record", readonly=True, help="0: every company, for a public holiday of all."
    )
    changed_at = fields.Datetime("Changed", required=True, readonly=True)

    @api.model
    def _record(self, kind, ids):
        """Note that what counts for the clocks of these records has changed, now."""
        if not ids:
            return
        now = fields.Datetime.now()
        # sudo: people who keep calendars or policies need not know of the queue
        queue = self.sudo()
        queue.create([{"kind": kind, "res_id": id_, "changed_at": now} for id_ in set(ids)])
