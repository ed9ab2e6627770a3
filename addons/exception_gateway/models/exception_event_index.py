from odoo import models
from odoo.tools import SQL


class ExceptionEventIndex(models.Model):
    """What the health page and the watch over silence read by, with a million events or more."""

    _inherit = "exception.event"

    def init(self):
        """Indexes: an endpoint's newest, the few that are not done with, those of a record."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE INDEX IF NOT EXISTS exception_event_endpoint_newest
                    ON exception_event (endpoint_id, received_at);
                CREATE INDEX IF NOT EXISTS exception_event_not_done
                    ON exception_event (endpoint_id, state, received_at)
                 WHERE state NOT IN ('done', 'ignored');
                CREATE INDEX IF NOT EXISTS exception_event_record
                    ON exception_event (res_model, res_id) WHERE res_id IS NOT NULL;
                """
            )
        )
        return result
