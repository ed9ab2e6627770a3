import base64
import re
import uuid

from odoo import _, _lt

from . import proof
from .base import Message, Misconfigured, Scheme
from .registry import register

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_FIELD = re.compile(rb"\{(body|timestamp|id)\}")


@register
class HmacSha256(Scheme):
    """HMAC-SHA256 as most senders have it: which header, how encoded, over what.

    The template says what is signed: ``{body}``, ``{timestamp}.{body}``, ``v0:{timestamp}:{body}``.
    """

    code = "hmac_sha256"
    title = _lt("HMAC-SHA256 signature")
    uses = (
        "header",
        "encoding",
        "prefix",
        "timestamp_header",
        "template",
        "id_header",
        "tolerance",
    )

    def verify(self, message, secrets, settings, now):
        """Check the header; several signatures may stand in it with spaces between them."""
        stamp, ident = self._signed_headers(message, settings)
        given = self._given(proof.header(message, settings.header), settings)
        content = self._content(settings, message.body, stamp, ident)
        expected = [self._encode(key, content, settings) for key in proof.usable(secrets)]
        proof.demand_match(expected, given)
        if stamp:
            proof.demand_fresh(stamp, now, settings.tolerance)

    def identity(self, message, settings):
        """The header of the id where the template puts it under the signature."""
        if settings.id_header and "{id}" in settings.template:
            return proof.header(message, settings.id_header)
        return None

    def kind(self, message, settings):
        """A ``type`` at the top of the content, as most have it."""
        return message.text("type")

    def sign(self, body, secret, settings, now, message_id=None):
        """See ``Scheme``."""
        self.check(settings)
        headers = {"content-type": "application/json"}
        stamp = ident = ""
        if settings.timestamp_header:
            stamp = headers[settings.timestamp_header.lower()] = str(int(now))
        if settings.id_header:
            ident = headers[settings.id_header.lower()] = message_id or uuid.uuid4().hex
        content = self._content(settings, body, stamp, ident)
        signature = self._encode(secret.strip().encode(), content, settings).decode()
        headers[settings.header.lower()] = settings.prefix + signature
        return Message(body, headers)

    def check(self, settings):
        """What is not signed can be changed on the way: refuse a template that leaves it out."""
        names = [settings.header, settings.timestamp_header, settings.id_header]
        if not settings.header:
            raise Misconfigured(_("Say which header has the signature. Example: X-Signature."))
        if not all(_HEADER_NAME.fullmatch(name) for name in names if name):
            raise Misconfigured(_("Names of headers have letters, digits and dashes only."))
        if settings.encoding not in ("hex", "base64"):
            raise Misconfigured(_("The signature is encoded in hex or in base64."))
        if "{body}" not in settings.template:
            raise Misconfigured(
                _("Put {body} into the template: a content that is not signed can be forged.")
            )
        for name, mark in ((settings.timestamp_header, "timestamp"), (settings.id_header, "id")):
            if not name and f"{{{mark}}}" in settings.template:
                raise Misconfigured(
                    _("The template has {%s}: say which header it comes from.", mark)
                )
        if settings.timestamp_header and "{timestamp}" not in settings.template:
            raise Misconfigured(
                _(
                    "A time stamp that is not signed proves nothing. "
                    "Put {timestamp} into the template, or leave its header empty."
                )
            )
        if settings.timestamp_header and settings.tolerance <= 0:
            raise Misconfigured(_("Allow time stamps a few seconds at least. Example: 300."))

    def _signed_headers(self, message, settings):
        """Return time stamp and id as far as the template signs them, else empty texts."""
        stamp = ident = ""
        if settings.timestamp_header:
            stamp = proof.header(message, settings.timestamp_header)
        if settings.id_header and "{id}" in settings.template:
            ident = proof.demand_id(proof.header(message, settings.id_header))
        return stamp, ident

    def _given(self, value, settings):
        """Return the signatures in a header without their prefix; others do not count."""
        # no signature has a comma: the server has joined two headers
        if "," in value:
            return []
        prefix = settings.prefix.strip()
        if settings.prefix.endswith(" "):
            # a word before them all: "HMAC 0a1b…"
            if not value.startswith(settings.prefix):
                return []
            value, prefix = value[len(settings.prefix) :], ""
        given = [proof.raw(one[len(prefix) :]) for one in value.split() if one.startswith(prefix)]
        return [one.lower() for one in given] if settings.encoding == "hex" else given

    def _content(self, settings, body, stamp, ident):
        """Fill the template in one pass: marks in the body stay what they are."""
        values = {b"body": body, b"timestamp": proof.raw(stamp), b"id": proof.raw(ident)}
        return _FIELD.sub(lambda mark: values[mark[1]], settings.template.encode())

    def _encode(self, key, content, settings):
        code = proof.digest(key, content)
        return base64.b64encode(code) if settings.encoding == "base64" else code.hex().encode()
