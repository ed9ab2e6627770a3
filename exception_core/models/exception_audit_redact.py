import json

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.audit_chain import HIDEABLE, canonical, commitment

# What the verifier must read to take a trail for whole although something of it is gone.
PROCEDURES = ("audit.redacted", "audit.archived")


class ExceptionAuditRedact(models.Model):
    """Blacking out personal data: the value goes, its hash stays, and an entry says who did it."""

    _inherit = "exception.audit.entry"

    def action_redact(self):
        """Ask what is blacked out of this entry, and why."""
        self.ensure_one()
        self._check_may_redact()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.audit.redact",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Black out"),
            "context": {"default_entry_id": self.id},
        }

    def _check_may_redact(self):
        self.check_access_rights("read")
        self.check_access_rule("read")
        if not self.env.user.has_group("exception_core.group_admin"):
            raise AccessError(_("Only administrators of the desk black out personal data."))

    def _redact(self, columns, reason):
        """Black out columns of this entry.

        :param columns: names out of ``HIDEABLE``
        :param str reason: why; who asked for it, for example
        """
        self.ensure_one()
        self._check_may_redact()
        if not (reason or "").strip():
            raise UserError(_("Say why it is blacked out: the reason stays on the trail."))
        if not self.hash:
            raise UserError(_("The entry is a moment old and not chained yet. Try again."))
        columns = [name for name in HIDEABLE if name in columns and self[name]]
        if self.event in PROCEDURES and "data" in columns:
            raise UserError(
                _(
                    "What this entry says of blacking out or archiving stays: without it the trail "
                    "could not be verified any more."
                )
            )
        if not columns:
            raise UserError(_("Choose something that the entry says."))
        salts, hashes = json.loads(self.salts), json.loads(self.redacted or "{}")
        for name in columns:
            hashes[name] = commitment(name, salts.pop(name), self[name])
        self._write_redacted(columns, canonical(salts), canonical(hashes))
        # sudo: the entry that says so is the model's own
        self.sudo()._append(
            "audit.redacted",
            [self._same_subject()],
            reason=reason.strip(),
            data={"sequence": self.sequence, "columns": columns},
        )

    @api.model
    def _same_subject(self):
        plain = ("chain", "case_name", "res_model")
        return {
            **{name: self[name] or None for name in plain if name != "chain"},
            "chain": self.chain,
            "case_id": self.case_id.id or None,
            "company_id": self.company_id.id or None,
            "res_id": self.res_id or None,
        }

    def _write_redacted(self, columns, salts, hashes):
        cr = self.env.cr
        empty = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in columns)
        cr.execute(SQL("SET LOCAL exception_core.audit_redacts = 'yes'"))
        cr.execute(
            SQL(
                "UPDATE exception_audit_entry SET %s, salts = %s, redacted = %s WHERE id = %s",
                empty,
                salts,
                hashes,
                self.id,
            )
        )
        cr.execute(SQL("SET LOCAL exception_core.audit_redacts = 'no'"))
        self.invalidate_recordset(flush=False)
