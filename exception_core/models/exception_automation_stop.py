from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class ExceptionAutomationStop(models.Model):
    """The circuit breaker: what is done without a person about one type of exception has stopped.

    Too many runs, too much money or too many failures within an hour stop it; its runs go to
    people until somebody switches it on again and says why. Written by the model only.
    """

    _name = "exception.automation.stop"
    _description = "Stopped Automation"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_name = "type_id"

    type_id = fields.Many2one(
        "exception.type", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    stopped_at = fields.Datetime("Stopped", required=True, readonly=True)
    why = fields.Text("Stopped because", required=True, readonly=True)
    run_id = fields.Many2one(
        "exception.action.run", "Run that stopped it", readonly=True, ondelete="set null"
    )
    case_id = fields.Many2one("exception.case", "Case about it", readonly=True, ondelete="set null")
    resumed_at = fields.Datetime("Switched on", readonly=True)
    resumed_by = fields.Many2one("res.users", "Switched on by", readonly=True, ondelete="restrict")
    resumed_reason = fields.Text("Switched on because", readonly=True)

    def init(self):
        """One stop at a time for a type and a company."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_automation_stop_open_uniq"
                " ON exception_automation_stop (type_id, company_id) WHERE resumed_at IS NULL"
            )
        )
        return result

    @api.model
    def _open_for(self, kind, company):
        """Return the stop that holds for a type in a company, if any."""
        return self.sudo().search(  # sudo: it holds whoever asks
            [
                ("type_id", "=", kind.id),
                ("company_id", "=", company.id),
                ("resumed_at", "=", False),
            ],
            limit=1,
        )

    @api.model
    def _stop(self, run, why):
        """Stop what is done by itself about the type of a run, and tell its owner."""
        kind, company = run.type_id, run.company_id
        if known := self._open_for(kind, company):
            return known
        # sudo: written by the model only
        stop = self.sudo()._record(
            [
                {
                    "type_id": kind.id,
                    "company_id": company.id,
                    "stopped_at": fields.Datetime.now(),
                    "why": why,
                    "run_id": run.id,
                }
            ]
        )
        stop._open_case()
        return stop

    def _open_case(self):
        """Open the case that tells people; its type has an owner and a team."""
        kind = self.env.ref("exception_core.type_automation_stopped")
        case = self.env["exception.case"]._open_batch(
            [
                {
                    "type_id": kind.id,
                    "company_id": self.company_id.id,
                    "res_model": self.type_id._name,
                    "res_id": self.type_id.id,
                    "title": _("Automation of “%s” has stopped", self.type_id.name),
                    "facts": {"why": self.why},
                }
            ]
        )
        owner = self.type_id.effective_owner_id
        case._note(self.why)
        if owner:
            case.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=_("Automation has stopped"),
                note=self.why,
                user_id=owner.id,
            )
        self._store({"case_id": case.id})
        (case | self.run_id.case_id)._audit(
            "automation.stopped", reason=self.why, type=self.type_id.code
        )

    def resume(self, reason):
        """Switch on again what is done by itself about these types.

        :param reason: what was found, and why it may go on
        """
        self.check_access_rights("read")
        self.check_access_rule("read")
        if not self.env.user.has_group("exception_core.group_manager"):
            raise AccessError(_("Managers switch automation on again."))
        if not (reason or "").strip():
            raise UserError(_("Say what was found, and why it may go on."))
        # sudo: checked above; written by the model only
        stopped = self.sudo().filtered(lambda stop: not stop.resumed_at)
        stopped._store(
            {
                "resumed_at": fields.Datetime.now(),
                "resumed_by": self.env.uid,
                "resumed_reason": reason,
            }
        )
        stopped.case_id._audit("automation.resumed", reason=reason)
        for stop in stopped.filtered("case_id"):
            stop.case_id._note(
                _(
                    "%(user)s switched it on again: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        return True

    def action_resume(self):
        """Ask what was found, then switch it on again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.action.reason",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Switch automation on again"),
            "context": {"exception_stop_id": self.id, "exception_run_verb": "resume"},
        }
