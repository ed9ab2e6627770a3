import ipaddress
from urllib.parse import urlsplit

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

# Names of the servers that may be called, separated by spaces or commas.
HOSTS = "exception_core.webhook_hosts"


class ExceptionActionWebhook(models.Model):
    """Where the shipped webhook action calls, and where it asks what became of a call."""

    _inherit = "exception.action"

    url = fields.Char(
        "Address to call",
        tracking=True,
        help="Only servers that the settings name are called. Example: "
        "https://middleware.example.com/refunds",
    )
    ask_url = fields.Char(
        "Address to ask back",
        tracking=True,
        help="Answers 200 when the call with this key was carried out, and 404 when it was not. "
        "{key} is the idempotency key. Example: https://middleware.example.com/refunds/{key}",
    )

    @api.constrains("url", "ask_url")
    def _check_url(self):
        for action in self:
            for url in filter(None, (action.url, action.ask_url)):
                if refusal := self._refuse_url(url):
                    raise ValidationError(refusal)

    @api.model
    def _refuse_url(self, url):
        """Say why an address is not called; None if it may be."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        # with an @ or a backslash the reader and the caller may take it for two different servers
        odd = "@" in parts.netloc or "\\" in url
        if parts.scheme not in ("http", "https") or not host or odd:
            return _("“%s” is no address. Example: https://middleware.example.com/refunds", url)
        # sudo: which servers may be called is decided in the settings
        allowed = self.env["ir.config_parameter"].sudo().get_param(HOSTS) or ""
        if host not in allowed.lower().replace(",", " ").split():
            return _(
                "“%s” is not among the servers that may be called. Add it in the settings of the "
                "desk first.",
                host,
            )
        if parts.scheme == "http" and not is_local(host):
            return _("“%s” would be called without encryption: use https.", host)
        return None


def is_local(host):
    """Tell whether a server is of the own network, as far as its name says."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # a name without a dot is a machine of the own network, as in containers
        return "." not in host
    return address.is_private
