from odoo import fields, models

from ..tools import mask


class ExceptionEventEndpointContent(models.Model):
    """What an endpoint hides in its events from those without the right to see it."""

    _inherit = "exception.event.endpoint"

    masked_names = fields.Text(
        "Hide these fields",
        default=mask.WORDS,
        help="Parts of names of fields whose values are hidden from people who may not see whole "
        "contents. Example: phone hides phone, home_phone and phoneNumber.",
    )

    def _masked_words(self):
        self.ensure_one()
        return (self.masked_names or "").lower().replace(",", " ").split()
