from odoo import _, fields, models

READERS = "exception_core.group_manager,exception_core.group_auditor"


class ExceptionCaseAuditView(models.Model):
    """The trail as the form of a case shows it."""

    _inherit = "exception.case"

    audit_ids = fields.One2many(
        "exception.audit.entry", "case_id", "Audit trail", readonly=True, groups=READERS
    )

    def action_open_audit(self):
        """Open the trail of the case, with its filters."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_audit_entry_action",
            [("case_id", "=", self.id)],
            name=_("Trail of %s", self.name),
        )

    def action_export_audit(self):
        """Download the trail of the case for the verifier."""
        self.ensure_one()
        return self.env["exception.audit.entry"]._download(
            f"/exception/audit/export?chain={self.id}"
        )
