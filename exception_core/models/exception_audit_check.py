import json
import logging
import time

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools import audit_key, audit_verify
from ..tools.audit_seal import own_transaction

_logger = logging.getLogger(__name__)

ACTIVITY = "exception_core.mail_activity_type_audit"
# An entry that waits longer than this to be chained is a sign that nothing chains.
WAITS_MINUTES = 15


class ExceptionAuditCheck(models.Model):
    """What the verifier found: every run of it, by whom, and how the trail stood.

    It is the verifier of one file that works outside as well (tools/audit_verify.py), fed from
    the database; and it looks whether the database still refuses changes.
    """

    _name = "exception.audit.check"
    _description = "Verification of the Audit Trail"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "at"

    at = fields.Datetime("Verified", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    state = fields.Selection(
        [("whole", "Whole"), ("broken", "Broken")], "Result", required=True, readonly=True
    )
    finding = fields.Text("What is broken", readonly=True)
    notes = fields.Text("Worth knowing", readonly=True)
    entries = fields.Integer(readonly=True, group_operator=None)
    chains = fields.Integer(readonly=True, group_operator=None)
    waiting = fields.Integer(
        "Not chained yet", readonly=True, group_operator=None, help="Chained within moments."
    )
    checkpoints = fields.Integer(readonly=True, group_operator=None)
    public_key = fields.Char(
        readonly=True, help="The checkpoints are signed with it. Empty: they are not signed."
    )
    duration = fields.Float("Seconds", digits=(8, 1), readonly=True, group_operator=None)

    # ------------------------------------------------------------------
    # verifying
    # ------------------------------------------------------------------

    @api.model
    def _cron_verify(self):
        """Verify the whole trail."""
        self._run()

    @api.model
    def verify_now(self):
        """Verify the whole trail and keep what was found; for all who may read the trail.

        :return: the action that shows it
        """
        self.check_access_rights("read")
        # sudo: the record of a verification is the model's own
        check = self.sudo()._run()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": check.id,
            "views": [(False, "form")],
            "name": _("Verification"),
        }

    def action_verify_now(self):
        """Verify the whole trail once more."""
        return self.verify_now()

    def action_verifier(self):
        """Download the verifier: one file, to be run elsewhere."""
        return self.env["exception.audit.entry"]._download("/exception/audit/verifier")

    @api.model
    def _run(self):
        """Verify the whole trail, keep the result, and alert those who answer for it."""
        self.env["exception.audit.entry"]._seal()
        started, user = time.monotonic(), self.env.user
        with own_transaction(self.env) as cr:
            found = self.with_env(self.env(cr=cr))._look()
        check = self.create(
            {
                **found,
                "at": fields.Datetime.now(),
                "user_id": user.id,
                "duration": time.monotonic() - started,
            }
        )
        if check.state == "broken":
            _logger.error("The audit trail is broken: %s", check.finding)
            check._alert()
        else:
            self._calm()
        return check

    @api.model
    def _look(self):
        """Return what the verifier finds in the database and in the file outside."""
        # sudo: all chains, whoever asks; only figures and the first broken entry are told
        entries = self.env["exception.audit.entry"].sudo()
        notes, trail, checkpoints, finding = [], None, [], None
        try:
            self._check_guard()
            checkpoints = self._checkpoints()
            notes = audit_verify.check_checkpoints(checkpoints)
            trail = audit_verify.Trail(checkpoints)
            for entry in entries._export_rows([]):
                trail.feed(entry)
            trail.end()
            self._check_waiting()
        except (audit_verify.Broken, audit_verify.Unreadable) as error:
            finding = str(error)
        return {
            "state": "broken" if finding else "whole",
            "finding": finding,
            "notes": "\n".join([*notes, *self._worth_knowing(checkpoints)]),
            "entries": trail.entries if trail else 0,
            "chains": trail.chains if trail else 0,
            "waiting": trail.waiting if trail else 0,
            "checkpoints": len(checkpoints),
            "public_key": audit_key.public_key(),
        }

    @api.model
    def _check_guard(self):
        """Find out whether the database still refuses changes."""
        for table, wanted in (("exception_audit_entry", 2), ("exception_audit_checkpoint", 2)):
            self.env.cr.execute(
                SQL(
                    "SELECT count(*) FROM pg_trigger"
                    " WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'A'",
                    table,
                )
            )
            if self.env.cr.fetchone()[0] < wanted:
                raise audit_verify.Broken(
                    _("The database refuses changes no more: a trigger of %s is off.", table)
                )

    @api.model
    def _check_waiting(self):
        """Find entries that nothing has chained for long."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), minutes=WAITS_MINUTES)
        # sudo: as in _look
        entries = self.env["exception.audit.entry"].sudo()
        if number := entries.search_count([("hash", "=", False), ("at", "<", limit)]):
            raise audit_verify.Broken(_("%s entries have waited too long to be chained.", number))

    @api.model
    def _checkpoints(self):
        """Return all checkpoints: of the file outside where there is one, else of the database.

        :raise Broken: when the two say different things
        """
        # sudo: as in _look
        kept = self.env["exception.audit.checkpoint"].sudo()
        here = {line["number"]: line for line in map(json.loads, kept.search([])._lines())}
        path = kept._file()
        outside = list(audit_verify.read_lines(path)) if path and path.exists() else []
        for checkpoint in outside:
            if here.get(checkpoint["number"]) != checkpoint:
                raise audit_verify.Broken(
                    _(
                        "Checkpoint %s of the database is not the one that was kept outside.",
                        checkpoint["number"],
                    )
                )
        return [here[number] for number in sorted(here)]

    @api.model
    def _worth_knowing(self, checkpoints):
        notes = []
        if not audit_key.public_key():
            notes.append(
                _(
                    "Checkpoints are not signed: no key is configured (audit_key_file in the "
                    "configuration of Odoo)."
                )
            )
        # sudo: one setting of the suite
        mail = self.env["ir.config_parameter"].sudo().get_param("exception_core.audit_mail")
        if not audit_key.folder() and not mail:
            notes.append(
                _(
                    "Checkpoints do not leave the database: neither a folder (audit_folder) nor an "
                    "address for mails is configured."
                )
            )
        if not checkpoints:
            notes.append(_("There is no checkpoint yet: an end that was cut off cannot be seen."))
        return notes

    # ------------------------------------------------------------------
    # telling
    # ------------------------------------------------------------------

    def _alert(self):
        """Give everybody who answers for the trail one activity, on the newest broken check."""
        self._calm()
        note = Markup("<p>%s</p>") % self.finding
        for user in self._responsible():
            self.activity_schedule(
                ACTIVITY,
                summary=_("The audit trail is broken"),
                note=note,
                user_id=user.id,
                date_deadline=fields.Date.context_today(self),
            )

    @api.model
    def _calm(self):
        """Take back what was said before: the newest verification says how it is now."""
        told = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        told.unlink()

    @api.model
    def _responsible(self):
        """Return who is told: the auditors, and whoever is told when the desk stands still."""
        auditors = self.env.ref("exception_core.group_auditor").users
        watching = self.env["exception.outage"]._responsible()
        return (auditors | watching).filtered(lambda user: user.active and not user.share)
