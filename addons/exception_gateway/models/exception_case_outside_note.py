import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class ExceptionCaseOutsideNote(models.Model):
    """Which notes of other systems are on a case already: each is added once."""

    _name = "exception.case.outside.note"
    _description = "Note of Another System"
    _inherit = "exception.evidence"
    _log_access = False

    case_id = fields.Many2one("exception.case", required=True, readonly=True, ondelete="cascade")
    system_id = fields.Many2one(
        "exception.system", required=True, readonly=True, ondelete="cascade"
    )
    key = fields.Char(required=True, readonly=True)

    _sql_constraints = [
        ("once", "unique(case_id, system_id, key)", "Each note is added once."),
    ]

    @api.model
    def _once(self, case, system, note_id, text):
        """Note that a note comes; tell whether it is the first time.

        Without a number of its own a note is known by its text.
        """
        key = f"id:{note_id}" if note_id else hashlib.sha256(text.encode()).hexdigest()
        self.env.cr.execute(
            SQL(
                """INSERT INTO exception_case_outside_note (case_id, system_id, key)
                   VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                case.id,
                system.id,
                key,
            )
        )
        return bool(self.env.cr.rowcount)
