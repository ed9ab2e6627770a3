from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import refusals

# Figures older than this tell nobody anything.
KEEP_DAYS = 30


class ExceptionEventRefusal(models.Model):
    """How many requests an endpoint has refused in a minute, and why: figures, no requests.

    Written past the ORM by ``tools/refusals.py``. A refused request itself is kept nowhere: whoever
    cannot prove who they are must not be able to fill the disk.
    """

    _name = "exception.event.refusal"
    _description = "Refused Requests"
    _order = "minute desc, id desc"
    _rec_name = "kind"
    _log_access = False

    minute = fields.Datetime("When", required=True, readonly=True)
    endpoint_id = fields.Many2one(
        "exception.event.endpoint",
        readonly=True,
        ondelete="cascade",
        help="Empty: the address was nobody's.",
    )
    kind = fields.Selection(refusals.KINDS, "Why", required=True, readonly=True)
    number = fields.Integer("Requests", required=True, readonly=True)
    process = fields.Char(required=True, readonly=True, help="Server and process that counted.")

    def init(self):
        """One row for each process and minute, and the way to the newest of an endpoint."""
        self.env.cr.execute(
            SQL(
                """
                CREATE UNIQUE INDEX IF NOT EXISTS exception_event_refusal_uniq
                    ON exception_event_refusal (process, minute, COALESCE(endpoint_id, 0), kind);
                CREATE INDEX IF NOT EXISTS exception_event_refusal_newest
                    ON exception_event_refusal (endpoint_id, minute);
                CREATE INDEX IF NOT EXISTS exception_event_refusal_minute
                    ON exception_event_refusal (minute);
                """
            )
        )

    @api.model
    def _count(self, endpoint_id, kind):
        """Count a refused request; costs no statement and cannot fail.

        :param endpoint_id: id of the endpoint, None when the address is nobody's
        :param str kind: one of ``tools/refusals.py``
        """
        refusals.count(self.env.cr.dbname, endpoint_id, kind)

    @api.model
    def _flush_counts(self):
        """Write what this process has counted so far, in this transaction."""
        refusals.write(self.env.cr, refusals.take(self.env.cr.dbname))
        self.env.invalidate_all()

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.env.cr.execute(SQL("DELETE FROM exception_event_refusal WHERE minute < %s", limit))
