from odoo import models
from odoo.tools import SQL

# Covering, so that the overview's two statements never visit the table: at a million cases the
# open ones are scattered over it, and fetching them took five times as long.
OVERVIEW_INDEXES = [
    (
        "exception_case_team_open_idx",
        "(team_id, company_id)"
        " INCLUDE (user_id, state, date_due, detected_at, company_amount, is_leading)"
        " WHERE is_open",
    ),
    (
        "exception_case_team_detected_idx",
        "(team_id, detected_at) INCLUDE (company_id, user_id)",
    ),
]


class ExceptionCase(models.Model):
    """Indexes behind the figures of ``exception_team_overview``."""

    _inherit = "exception.case"

    def init(self):
        """Create the covering indexes of the team overview."""
        result = super().init()
        for name, definition in OVERVIEW_INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON exception_case %s",
                    SQL.identifier(name),
                    SQL(definition),
                )
            )
        return result
