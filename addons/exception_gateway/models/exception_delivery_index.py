from odoo import models
from odoo.tools import SQL


class ExceptionDeliveryIndex(models.Model):
    """What the health page reads by."""

    _inherit = "exception.delivery"

    def init(self):
        """Indexes: the newest of a subscription, and the few that are not delivered."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE INDEX IF NOT EXISTS exception_delivery_newest
                    ON exception_delivery (subscription_id, created_at);
                CREATE INDEX IF NOT EXISTS exception_delivery_not_delivered
                    ON exception_delivery (subscription_id, state, created_at)
                 WHERE state <> 'delivered';
                """
            )
        )
        return result
