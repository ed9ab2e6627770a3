from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .exception_type_automation import STAGES


class ExceptionTypeStage(models.Model):
    """One change of how far a type goes by itself: asked for, agreed to, or fallen back.

    Written by the model only: it is evidence of who trusted the machine with what, and why.
    """

    _name = "exception.type.stage"
    _description = "Change of Automation"
    _order = "id desc"
    _rec_name = "type_id"

    type_id = fields.Many2one(
        "exception.type", required=True, readonly=True, index=True, ondelete="restrict"
    )
    before = fields.Selection(STAGES, "From", required=True, readonly=True)
    after = fields.Selection(STAGES, "To", required=True, readonly=True)
    state = fields.Selection(
        [
            ("asked", "Waits for a second person"),
            ("agreed", "Agreed"),
            ("refused", "Refused"),
            ("lowered", "Lowered"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(readonly=True)
    figures = fields.Char("Figures then", readonly=True)
    asked_by_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    asked_at = fields.Datetime("On", required=True, readonly=True, default=fields.Datetime.now)
    decided_by_id = fields.Many2one(
        "res.users", "Second person", readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime("Decided", readonly=True)
    answer = fields.Text(readonly=True)

    def init(self):
        """One question at a time for a type."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_type_stage_asked_uniq"
                " ON exception_type_stage (type_id) WHERE state = 'asked'"
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(_("Who let a type do more by itself, and why, stays for the record."))

    @api.model
    def _ask(self, kind, stage, reason, figures):
        return self.create(
            {
                "type_id": kind.id,
                "before": kind.automation_stage,
                "after": stage,
                "state": "asked",
                "reason": reason,
                "figures": kind._figures_words(figures),
                "asked_by_id": self.env.uid,
            }
        )

    @api.model
    def _lower(self, kind, stage, reason):
        """Fall back at once, and withdraw what was asked for."""
        waiting = kind.stage_ids.filtered(lambda one: one.state == "asked")
        waiting.write({"state": "refused", "answer": reason, "decided_at": fields.Datetime.now()})
        change = self.create(
            {
                "type_id": kind.id,
                "before": kind.automation_stage,
                "after": stage,
                "state": "lowered",
                "reason": reason,
                "figures": kind._figures_words(kind._figures()),
                "asked_by_id": self.env.uid,
            }
        )
        kind._set_stage(stage)
        change._audit_stage("stage.lowered")
        return change

    def agree(self, note=None):
        """Agree, as a second person, that a type goes further by itself; the figures are asked
        again."""
        stage = self._decided()
        # sudo: checked above; written by the model only
        kind = stage.type_id.sudo()
        if lacking := kind._refuse_figures(kind._figures()):
            raise UserError(_("The figures do not suffice any more. It takes: %s.", lacking))
        stage._decide("agreed", note)
        kind._set_stage(stage.after)
        stage._audit_stage("stage.raised")
        return True

    def refuse(self, note):
        """Refuse that a type goes further by itself, and say why."""
        self.env["exception.case.step"]._check_note(note)
        self._decided()._decide("refused", note)
        return True

    def _decided(self):
        """Return the question, locked, after checking that the user may decide it."""
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")
        self.env["exception.type"]._check_stage_right("exception_core.group_manager")
        if why_not := self.env.user._exception_refuse_actor():
            raise UserError(why_not)
        # sudo: checked above; written by the model only
        stage = self.sudo()
        self.env.cr.execute(
            SQL("SELECT id FROM exception_type_stage WHERE id = %s FOR UPDATE", self.id)
        )
        stage.invalidate_recordset()
        if stage.state != "asked":
            raise UserError(_("This was decided already."))
        if stage.asked_by_id == self.env.user:
            raise UserError(_("You asked for it yourself. A second person decides."))
        if stage.before != stage.type_id.automation_stage:
            raise UserError(_("The automation of the type was changed meanwhile. Ask again."))
        return stage

    def _decide(self, state, note):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "answer": note or False,
            }
        )

    def _audit_stage(self, event):
        labels = dict(self._fields["after"]._description_selection(self.env))
        self.env["exception.audit.entry"]._audit_config(
            self.type_id,
            event,
            before={"automation": labels[self.before]},
            after={"automation": labels[self.after]},
            reason=self.reason,
            asked_by=self.asked_by_id.name,
            figures=self.figures,
        )

    def action_agree(self):
        """Agree at once: the figures stand beside the button."""
        return self.agree()

    def action_refuse(self):
        """Ask why it is refused."""
        return {
            **self.type_id._stage_dialog("refuse", _("Refuse")),
            "context": {
                "default_type_id": self.type_id.id,
                "default_choice": "refuse",
                "default_stage_id": self.id,
            },
        }
