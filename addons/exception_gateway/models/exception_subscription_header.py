from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import secret_box
from .exception_subscription import HEADER_NAME

# Set by the sender itself.
OWN = {
    "host",
    "user-agent",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "transfer-encoding",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
}
PURPOSE = "header"
LONGEST = 4000


class ExceptionSubscriptionHeader(models.Model):
    """One more header of the messages of a subscription.

    The value of a secret one is encrypted and cannot be read again, only replaced.
    """

    _name = "exception.subscription.header"
    _description = "Header of a Subscription"
    _inherit = "exception.versioned.part"
    _order = "subscription_id, id"
    _versioned_parent = "subscription_id"

    subscription_id = fields.Many2one(
        "exception.subscription", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, help="Example: X-Team")
    is_secret = fields.Boolean("Secret", default=True)
    plain_value = fields.Char(readonly=True)
    value = fields.Char(
        compute="_compute_value",
        inverse="_inverse_value",
        help="A secret value is stored encrypted, and never shown again.",
    )

    _sql_constraints = [
        ("once", "unique(subscription_id, name)", "Each header is given once."),
    ]

    @api.depends("plain_value", "is_secret")
    def _compute_value(self):
        for line in self:
            line.value = False if line.is_secret else line.plain_value

    def _inverse_value(self):
        box = self.env["exception.sealed.secret"]
        for line in self.filtered("value"):
            _check_header_value(line.value)
            if line.is_secret:
                box._put(line, PURPOSE, line.value)
            # sudo: written by the model, from what the user may write
            line.sudo().plain_value = False if line.is_secret else line.value

    @api.constrains("name")
    def _check_name(self):
        for line in self:
            if not HEADER_NAME.fullmatch(line.name) or line.name.lower() in OWN:
                raise ValidationError(
                    _("“%s” cannot be given as a header. Example: X-Team.", line.name)
                )

    @api.constrains("is_secret")
    def _check_secret(self):
        for line in self:
            if line.is_secret and line.plain_value:
                raise ValidationError(
                    _(
                        "Type the value of “%s” again: it is kept as a secret from now on.",
                        line.name,
                    )
                )

    @api.model
    def _versioned_fields(self):
        return [*super()._versioned_fields(), "plain_value"]

    def _version_name(self):
        return self.name or ""

    def write(self, vals):
        """Write headers; what was a secret does not become readable, nor is it sent elsewhere."""
        if any(
            line.subscription_id.id != vals.get("subscription_id", line.subscription_id.id)
            for line in self
        ):
            raise ValidationError(
                _("A header stays with its subscription. Delete it, and give it there anew.")
            )
        if vals.get("is_secret") is False:
            self.env["exception.sealed.secret"]._forget(self.filtered("is_secret"))
        if vals.get("is_secret") and vals.get("value"):
            # sudo: the same value is kept as a secret next
            self.sudo().write({"plain_value": False})
        return super().write(vals)

    def unlink(self):
        """Delete headers with their secrets."""
        self.env["exception.sealed.secret"]._forget(self)
        return super().unlink()

    def _in_clear(self):
        """Return {name: value} of these headers, as they are sent.

        :raise KeyMissing: without a key
        :raise WrongKey: when no configured key fits
        """
        box, values = self.env["exception.sealed.secret"], {}
        for line in self:
            if not line.is_secret:
                values[line.name] = line.plain_value or ""
                continue
            found = box._take(line, PURPOSE)
            if not found:
                raise secret_box.WrongKey()
            values[line.name] = found[0]
        return values


def _check_header_value(value):
    if len(value) > LONGEST or not value.isascii() or not value.isprintable():
        raise ValidationError(_("The value of a header is plain ASCII text in one line."))
