from odoo import fields, models
from odoo.tools import SQL


class ExceptionDeliveryAttempt(models.Model):
    """One try to deliver a message, and the beginning of the answer."""

    _name = "exception.delivery.attempt"
    _description = "Try of a Delivery"
    _inherit = "exception.evidence"
    _order = "id desc"
    _rec_name = "at"
    _log_access = False

    delivery_id = fields.Many2one(
        "exception.delivery", required=True, readonly=True, index=True, ondelete="cascade"
    )
    subscription_id = fields.Many2one(
        "exception.subscription", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    event_type = fields.Char(related="delivery_id.event_type")
    at = fields.Datetime("When", required=True, readonly=True)
    ok = fields.Boolean("Accepted", readonly=True)
    status = fields.Integer("Answer", readonly=True, group_operator=None)
    seconds = fields.Float(readonly=True, digits=(8, 3), group_operator="avg")
    error = fields.Char("Problem", readonly=True)
    answer = fields.Text("Beginning of the answer", readonly=True, prefetch=False)

    def init(self):
        """Index by receiver and time: rates, and the health page."""
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_delivery_attempt_sub_idx"
                " ON exception_delivery_attempt (subscription_id, at)"
            )
        )
