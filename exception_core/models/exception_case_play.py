from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_case_close import ENDED
from .exception_case_decision import Override
from .exception_play import LIVE, PLAY_STATES


class ExceptionCasePlay(models.Model):
    """Playbooks on cases: which one, how far it is, and what starts, wakes and ends it.

    ``playbook_id`` is decided as severity and team are: the type gives it, a triage rule may
    give another one, a person may start a third.
    """

    _inherit = "exception.case"

    playbook_id = fields.Many2one(
        "exception.playbook",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    play_ids = fields.One2many("exception.play", "case_id", "Playbooks started", readonly=True)
    play_id = fields.Many2one("exception.play", compute="_compute_play_id")
    play_state = fields.Selection(PLAY_STATES, "State of the playbook", compute="_compute_play_id")
    play_progress = fields.Integer("Progress (%)", compute="_compute_play_id")
    play_note = fields.Text("What the playbook says", compute="_compute_play_id")
    step_ids = fields.Many2many(
        "exception.case.step", compute="_compute_play_id", string="Steps of the playbook"
    )

    @api.depends("play_ids.state", "play_ids.progress", "play_ids.note", "play_ids.step_ids")
    def _compute_play_id(self):
        for case in self:
            play = case.play_ids.sorted("id", reverse=True)[:1]
            case.play_id, case.step_ids = play, play.step_ids
            case.play_state, case.play_progress = play.state, play.progress
            case.play_note = play.note

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"playbook_id", "play_ids"}

    # ------------------------------------------------------------------
    # start
    # ------------------------------------------------------------------

    def _stages(self):
        return [*super()._stages(), (self._play, _("Starting the playbook"))]

    def _play(self):
        """Start the playbooks of new cases; what they do begins after the case is saved."""
        wanted = {case: case.playbook_id for case in self if case.playbook_id}
        self._start_plays(wanted)

    @api.model
    def _start_plays(self, wanted):
        """Start playbooks where they can be; say on the case where they cannot."""
        startable = {}
        for case, playbook in wanted.items():
            if why := playbook._refuse_case(case):
                case._note(_("The playbook was not started: %s", why))
            else:
                startable[case] = playbook
        # sudo: rows of the engine are written by the model only
        plays = self.env["exception.play"].sudo()
        if not startable:
            return plays
        plays = plays._start(startable)
        for same in plays.grouped(lambda play: play.display_name).values():
            same.case_id._audit_play("playbook.started", same[0])
        return plays

    def _start_playbook(self, playbook):
        """Start a playbook on these cases; one that is at work on them ends.

        :return: the plays
        """
        # sudo: as in _start_plays
        cases = self.sudo()
        live = cases.play_ids.filtered("is_live")
        live._lock()
        live._end("ended", _("Another playbook was started: %s", playbook.name))
        cases.write({"playbook_id": playbook.id})
        return cases._start_plays({case: playbook for case in cases if case.is_open})

    def _after_decision(self):
        """Start what the rules of today choose, where they were asked again."""
        result = super()._after_decision()
        changed = self.filtered(lambda case: case.playbook_id != case.play_id.playbook_id)
        for playbook, cases in changed.grouped("playbook_id").items():
            if playbook:
                cases._start_playbook(playbook)
        return result

    def start_playbook(self, playbook_id):
        """Start a playbook on open cases; one that is at work on them ends early."""
        playbook = self.env["exception.playbook"].browse(playbook_id).exists()
        playbook.check_access_rule("read")
        if not playbook:
            raise UserError(_("Choose the playbook that is started."))

        def refuse(case):
            return (
                case._refuse_ended()
                # sudo: only whether it may start is read; access was checked above
                or playbook.sudo()._refuse_case(case)
                or case._refuse_change({"playbook_id"})
            )

        def apply(cases):
            # marked as a person's decision where a rule had made another one
            marked = cases.with_context(
                exception_override=Override(self.env["exception.reason"], "")
            )
            # sudo: access was checked; a playbook does what its author has set down
            marked._start_playbook(playbook.sudo())._go_on()

        return self._run_verb(refuse, apply)

    def action_playbook(self):
        """Ask which playbook is started, or why the one at work ends."""
        return self._open_wizard("exception.case.playbook", _("Playbook"))

    def stop_playbook(self, note):
        """End the playbooks at work on these cases; what was done stays."""
        self.env["exception.case.step"]._check_note(note)

        def refuse(case):
            # sudo: only whether there is one
            if not case.sudo().play_ids.filtered("is_live"):
                return _("No playbook is at work on %s.", case.name)
            return None

        def apply(cases):
            plays = cases.play_ids.filtered("is_live")
            plays._lock()
            plays._end("ended", note)
            for play in plays:
                play.case_id._audit_play("playbook.ended", play, reason=note)

        return self._run_verb(refuse, apply)

    # ------------------------------------------------------------------
    # end
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write cases; what ends has no use for a playbook any more."""
        result = super().write(vals)
        if vals.get("state") in ENDED:
            self._end_plays()
        return result

    def _end_plays(self):
        # sudo: whoever ends the case ends its playbook
        plays = self.env["exception.play"].sudo()
        live = plays.search([("case_id", "in", self.ids), ("state", "in", LIVE)])
        if live:
            live._end("ended", _("The case ended."))
            for play in live:
                play.case_id._audit_play("playbook.ended", play, outcome="case")

    def _resolve_by(self, play):
        """Resolve the case as its playbook says, unless the type asks for more."""
        self.ensure_one()
        playbook = play.playbook_id
        cause, resolution = playbook.root_cause_id, playbook.resolution_id
        note = _("Playbook: %s", play.display_name)
        evident = self.id in self._with_evidence()
        refusal = (
            self._refuse_ended()
            or self._refuse_to_free_by(play)
            or self._refuse_reason(cause)
            or self._refuse_reason(resolution)
            or self._refuse_incomplete(cause, resolution, note, evident)
        )
        if refusal:
            play.note = refusal
            self._note(_("“%(playbook)s” is done. %(why)s", playbook=playbook.name, why=refusal))
            play._call_a_person(refusal)
            return
        vals = {
            "root_cause_id": cause.id,
            "resolution_id": resolution.id,
            "resolution_note": note,
        }
        self.write({**self._ended_values(play._outcome()), **vals})

    def _refuse_to_free_by(self, play):
        """Say that the playbook must not free what is held; None if it may.

        Whoever may start a playbook need not have the right to lift holds, so what is wrong must
        have been put right.
        """
        if not self._holds_a_step() or not (self.detector_id and self.condition_active):
            return None
        return _(
            "%(case)s holds %(record)s, and what is wrong is still there.",
            case=self.name,
            record=self.res_name or _("its record"),
        )

    def _next_step_closure(self):
        step = self.step_ids.filtered("is_mine")[:1]
        return _("Next in the playbook: %s", step.name) if step else super()._next_step_closure()

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    def _playbook_event(self, kind, data=None, name=None):
        """Bring an event to the playbooks at work on these cases; they go on within a minute.

        Only adds rows: it neither waits for a playbook nor makes one wait.

        :param kind: ``reply`` (somebody answered), ``event`` (something happened outside) or
            ``time`` (look whether a time is over)
        :param dict data: plain values that are kept with the event; ``name`` names it
        """
        data = dict(data or {})
        name = name or data.pop("name", False)
        # sudo: rows of the engine are written by the model only
        plays = self.env["exception.play"].sudo()
        live = plays.search([("case_id", "in", self.ids), ("is_live", "=", True)])
        if not live:
            return
        if kind != "time":
            now = fields.Datetime.now()
            # sudo: as above
            self.env["exception.play.event"].sudo().create(
                [
                    {"play_id": play.id, "kind": kind, "name": name, "data": data, "at": now}
                    for play in live
                ]
            )
        self.env["ir.cron"]._exception_soon("exception_core.ir_cron_playbook")

    def _emit(self, event, payload):
        """Send an event of a playbook: kept on the case, for whoever follows it.

        Connectors to other systems extend this and send the payload out. What answers to it calls
        ``_playbook_event("event", {"name": …})``.
        """
        for case in self:
            rows = ", ".join(f"{key}: {value}" for key, value in payload.items() if value)
            case._note(_("Event %(event)s (%(content)s)", event=event, content=rows))

    def _mail_received(self, msg_dict):
        outcome = super()._mail_received(msg_dict)
        if not self._mail_is_internal(msg_dict):
            self._playbook_event("reply", name=msg_dict.get("email_from"))
        return outcome

    # ------------------------------------------------------------------
    # mail and trail
    # ------------------------------------------------------------------

    def _playbook_mail(self, family_id):
        """Send the approved version of a reply template to whom the case is about.

        :return: the partner
        :raise UserError: when nobody can be written to, or the template was retired
        """
        self.ensure_one()
        replies = self.env["exception.reply"]
        domain = [("family_id", "=", family_id), ("state", "=", "approved")]
        reply = replies.search(domain, limit=1)
        if not reply:
            raise UserError(
                _("The reply template was retired. Choose another one in the playbook.")
            )
        partner, email = self._answer_recipient()
        if not partner and email:
            partner = self.env["res.partner"].search([("email_normalized", "=", email)], limit=1)
        if not partner.email:
            raise UserError(
                _("%s has no mail address that could be written to.", partner.name or self.name)
            )
        self.message_post_with_source(
            reply.template_id,
            partner_ids=partner.ids,
            author_id=self.env.ref("base.partner_root").id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._send_mails_soon()
        return partner

    def _audit_play(self, event, play, step=None, person=None, reason=None, **data):
        """Write what a playbook did on the trails of these cases."""
        data["playbook"] = play.display_name
        if step:
            states = dict(step._fields["state"]._description_selection(self.env))
            data.update(step=step.display_name, state=states[step.state])
            reason = reason or step.note
        self._audit(event, reason=reason or None, **data)
