from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

PLAY_STATES = [
    ("running", "At work"),
    ("waiting", "Waits"),
    ("stopped", "Needs a person"),
    ("done", "Done"),
    ("undone", "Taken back"),
    ("ended", "Ended early"),
]
LIVE = ("running", "waiting", "stopped")
# Steps with which nothing more happens.
SETTLED = ("done", "skipped", "failed", "compensated", "cancelled")


class ExceptionPlay(models.Model):
    """A playbook at work on a case.

    Its rows are written by the model only. ``due_at`` says when it is looked at next:
    ``exception_play_sweep`` does that, ``exception_play_advance`` says what happens then.
    """

    _name = "exception.play"
    _description = "Playbook at Work"
    _order = "id desc"
    _rec_name = "playbook_id"

    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )
    playbook_id = fields.Many2one(
        "exception.playbook", required=True, readonly=True, index=True, ondelete="restrict"
    )
    version = fields.Integer(readonly=True, required=True)
    state = fields.Selection(PLAY_STATES, required=True, readonly=True, default="running")
    is_live = fields.Boolean(
        "At work", compute="_compute_is_live", store=True, precompute=True, index=True
    )
    step_ids = fields.One2many("exception.case.step", "play_id", "Steps", readonly=True)
    progress = fields.Integer("Progress (%)", readonly=True, group_operator="avg")
    note = fields.Text("What became of it", readonly=True)
    started_at = fields.Datetime("Started", readonly=True, required=True)
    started_by_id = fields.Many2one("res.users", "Started by", readonly=True, ondelete="restrict")
    ended_at = fields.Datetime("Ended", readonly=True)
    due_at = fields.Datetime("Looked at next", readonly=True)
    attempts = fields.Integer(
        readonly=True,
        required=True,
        default=0,
        help="How often this step was begun without being heard of again.",
    )

    def init(self):
        """One playbook at a time on a case, and an index for what is due."""
        self.env.cr.execute(
            SQL(
                """CREATE UNIQUE INDEX IF NOT EXISTS exception_play_live_uniq
                       ON exception_play (case_id) WHERE is_live;
                   CREATE INDEX IF NOT EXISTS exception_play_due_idx
                       ON exception_play (due_at) WHERE due_at IS NOT NULL"""
            )
        )

    @api.depends("state")
    def _compute_is_live(self):
        for play in self:
            play.is_live = play.state in LIVE

    @api.depends("playbook_id.name", "version")
    def _compute_display_name(self):
        for play in self:
            play.display_name = _(
                "%(playbook)s (v%(version)s)", playbook=play.playbook_id.name, version=play.version
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_with_the_case(self):
        """What a playbook did on a case is evidence; it goes with the case only."""
        if not self.env.su:
            raise UserError(_("What a playbook did stays with the case."))

    # ------------------------------------------------------------------
    # start and end
    # ------------------------------------------------------------------

    @api.model
    def _start(self, wanted):
        """Start playbooks on cases: two statements, however many cases and steps.

        :param dict wanted: {case: playbook}, of cases on which none is at work
        :return: the plays
        """
        # the one that ends for another must be written before: one at a time on a case
        self.flush_model()
        now = fields.Datetime.now()
        person = False if self.env.uid == SUPERUSER_ID else self.env.uid
        plays = self.create(
            [
                {
                    "case_id": case.id,
                    "playbook_id": playbook.id,
                    "version": playbook.version,
                    "started_at": now,
                    "started_by_id": person,
                    "due_at": now,
                }
                for case, playbook in wanted.items()
            ]
        )
        rows = {playbook: playbook._instance_values() for playbook in plays.playbook_id}
        self.env["exception.case.step"].create(
            [
                {**row, "play_id": play.id, "case_id": play.case_id.id}
                for play in plays
                for row in rows[play.playbook_id]
            ]
        )
        self.env["ir.cron"]._exception_soon("exception_core.ir_cron_playbook")
        return plays

    def _end(self, state, note=None):
        """End the plays; what was still to be done is not done any more."""
        now = fields.Datetime.now()
        steps = self.step_ids
        steps._cancel_activities()
        steps._settle_done()
        left = steps.filtered(lambda step: step.state not in SETTLED)
        left._cancel_requests(note or _("The playbook ended."))
        # the first line says why; what stays of other steps is said once, by the play
        why = note and note.partition("\n")[0]
        left.write({"state": "cancelled", "ended_at": now, "note": why or False})
        self.write({"state": state, "ended_at": now, "due_at": False, "note": note or False})
        self._measure()

    def _measure(self):
        """Keep how far the plays have come."""
        for play in self:
            steps = play.step_ids
            settled = sum(step.state in SETTLED for step in steps)
            play.progress = 100 * settled // len(steps) if steps else 100

    def _outcome(self):
        """Return how the case ended that the play resolves."""
        self.ensure_one()
        steps = self.step_ids
        if steps.done_by_id:
            return "manual"
        # sudo: only whether people agreed
        agreed = steps.filtered(
            lambda step: step.state == "done" and (step.approval_id or step.run_id.sudo().agreed)
        )
        return "approved" if agreed else "auto"

    def _stop(self, why):
        """Let the plays rest until a person decides how to go on."""
        for play in self:
            play.write({"state": "stopped", "due_at": False, "attempts": 0, "note": why})
            play._measure()
            play.case_id._note(
                _("“%(playbook)s” needs a person: %(why)s", playbook=play.playbook_id.name, why=why)
            )
            play._call_a_person(why)

    def _call_a_person(self, why):
        """Give one activity to the case's owner, the team lead or the playbook's owner."""
        self.ensure_one()
        case = self.case_id
        user = case.user_id or case.team_id.lead_id or self.playbook_id.owner_id
        self.env["exception.case.step"]._remind(
            case, user, _("Playbook: %s", self.playbook_id.name), why
        )
