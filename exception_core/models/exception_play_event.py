from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

EVENT_KINDS = [
    ("reply", "Answer"),
    ("event", "Event"),
    ("run", "Action ended"),
    ("approval", "Approval decided"),
]


class ExceptionPlayEvent(models.Model):
    """What a playbook waits for and what came of it: an inbox.

    Whoever brings an event (a mail, an action that ended, the outside world) only adds a row, and
    never waits for a playbook that is being advanced. An event that comes before its step has
    begun is there when it begins.
    """

    _name = "exception.play.event"
    _description = "Event for a Playbook"
    _order = "id"
    _rec_name = "name"

    play_id = fields.Many2one(
        "exception.play", required=True, readonly=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="play_id.case_id", store=True, precompute=True, index=True)
    kind = fields.Selection(EVENT_KINDS, required=True, readonly=True)
    name = fields.Char("Event", readonly=True)
    data = fields.Json("Content", readonly=True)
    at = fields.Datetime("Received", required=True, readonly=True)
    step_id = fields.Many2one(
        "exception.case.step", "Answered step", readonly=True, ondelete="set null"
    )
    is_new = fields.Boolean("Not looked at yet", default=True, readonly=True)

    def init(self):
        """The sweeper looks for new events only."""
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_play_event_new_idx"
                " ON exception_play_event (play_id) WHERE is_new"
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_with_the_case(self):
        """What was received on a case is evidence; it goes with the case only."""
        if not self.env.su:
            raise UserError(_("What a playbook received stays with the case."))
