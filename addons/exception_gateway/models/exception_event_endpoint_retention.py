from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

# While a message can still come again, its row must say that it was here.
LEAST_DAYS = 7


class ExceptionEventEndpointRetention(models.Model):
    """For how long an endpoint keeps what it took."""

    _inherit = "exception.event.endpoint"

    keep_body_days = fields.Integer(
        "Keep contents for (days)",
        default=90,
        help="Then what was sent is removed from events that are done with, except where an open "
        "case refers to them. 0: as long as the event. Example: 30.",
    )
    keep_days = fields.Integer(
        "Keep events for (days)",
        default=400,
        help="Then events are removed, except those that are still to be worked on and those that "
        "a case refers to. Until then a message that comes again counts once. 0: for ever.",
    )

    @api.constrains("keep_body_days", "keep_days")
    def _check_retention(self):
        for endpoint in self:
            if endpoint.keep_body_days < 0 or endpoint.keep_days < 0:
                raise ValidationError(_("Events are kept for a number of days, or 0 for ever."))
            if 0 < endpoint.keep_days < LEAST_DAYS:
                raise ValidationError(
                    _(
                        "Keep events for %s days at least: senders repeat messages for some days, "
                        "and only what is kept is recognised.",
                        LEAST_DAYS,
                    )
                )
