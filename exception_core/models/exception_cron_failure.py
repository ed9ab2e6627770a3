from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 14


class ExceptionCronFailure(models.Model):
    """A Scheduled Action of the suite that ended with an error. Rows are only appended.

    Odoo notes when an action ran, not whether it came through; the watchdog reads it here.
    """

    _name = "exception.cron.failure"
    _description = "Failed Scheduled Action"
    _order = "id desc"
    _rec_name = "at"

    cron_id = fields.Many2one(
        "ir.cron", "Scheduled Action", required=True, readonly=True, ondelete="cascade", index=True
    )
    name = fields.Char(readonly=True)
    at = fields.Datetime("Failed", required=True, readonly=True)
    error = fields.Text(required=True, readonly=True)

    @api.model
    def _newest(self, crons):
        """Return {cron id: its last failure}, in one statement."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (cron_id) cron_id, id FROM exception_cron_failure
                    WHERE cron_id = ANY(%s) ORDER BY cron_id, id DESC""",
                crons.ids,
            )
        )
        return {cron_id: self.browse(id_) for cron_id, id_ in self.env.cr.fetchall()}

    @api.autovacuum
    def _gc_failures(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("at", "<", limit)], limit=10000).unlink()
