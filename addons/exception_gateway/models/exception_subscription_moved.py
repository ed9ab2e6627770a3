from urllib.parse import urlsplit

from odoo import _, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

PORTS = {"http": 80, "https": 443}


class ExceptionSubscriptionMoved(models.Model):
    """An address that leads to another server takes no secret header along."""

    _inherit = "exception.subscription"

    def write(self, vals):
        """Write subscriptions; who gives a new address also says what may be told there."""
        if "url" in vals:
            for one in self.filtered(lambda one: _origin(one.url) != _origin(vals["url"])):
                one._check_secrets_given(vals.get("header_ids") or [])
        return super().write(vals)

    def _check_secrets_given(self, commands):
        """Refuse to send secret values elsewhere that are not given in the same step."""
        given = set()
        for command in commands:
            kind, header_id = command[0], command[1] if len(command) > 1 else 0
            if kind == Command.CLEAR:
                given.update(self.header_ids.ids)
            elif kind == Command.SET:
                # what is named stays, and its value with it
                given.update(set(self.header_ids.ids) - set(command[2] or ()))
            elif kind in (Command.DELETE, Command.UNLINK):
                given.add(header_id)
            elif kind == Command.UPDATE and command[2].get("value"):
                given.add(header_id)
        # one that was never given a value has nothing to tell
        valued = set(self.env["exception.sealed.secret"]._of(self.header_ids).mapped("res_id"))
        kept = self.header_ids.filtered(lambda line: line.id in valued - given)
        if kept:
            raise ValidationError(
                _(
                    "The address leads to another server, and the secret headers %s would be sent "
                    "there. Type their values again in the same step, or delete them.",
                    ", ".join(kept.mapped("name")),
                )
            )


def _origin(url):
    """Return scheme, host and port of an address; two without a difference are one server."""
    try:
        parts = urlsplit(url or "")
        return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        # no address at all, which is refused where addresses are
        return None
