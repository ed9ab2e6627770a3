import ipaddress

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..schemes.base import Settings
from ..tools.event_door import Door, TurnedAway

# What an endpoint says about its scheme, by its name in the scheme.
SETTINGS = {
    "tolerance": "tolerance",
    "header": "signature_header",
    "encoding": "signature_encoding",
    "prefix": "signature_prefix",
    "timestamp_header": "timestamp_header",
    "template": "signature_template",
    "id_header": "id_header",
}
# What the door knows of an endpoint: a change of it reaches all processes at once.
DOOR_FIELDS = {
    *SETTINGS.values(),
    "token",
    "state",
    "active",
    "company_id",
    "scheme",
    "allowed_ips",
    "max_kib",
    "rate_limit",
    "kept_headers",
}


class ExceptionEventEndpointDoor(models.Model):
    """What the route asks about an endpoint: plain values, cached for all endpoints at once.

    One entry of the cache for all of them: a stranger who tries addresses neither costs a
    statement each nor drives other entries out of the cache.
    """

    _inherit = "exception.event.endpoint"

    @api.model
    def _door(self, token):
        """Return what is demanded at an address.

        :raise TurnedAway: when nobody has it
        """
        if door := self._doors().get(token):
            return door
        raise TurnedAway(404, "unknown", "There is no such address.")

    @api.model
    @tools.ormcache()
    def _doors(self):
        """Return {token: door} of the endpoints that take events, or will again."""
        # sudo: the sender is no user; what is returned stays in this process
        endpoints = self.sudo().search([("state", "in", ("active", "paused"))])
        secrets = endpoints._sealed_secrets()
        return {one.token: one._as_door(secrets.get(one.id, ())) for one in endpoints}

    def _as_door(self, secrets):
        settings = self._settings()
        return Door(
            endpoint_id=self.id,
            company_id=self.company_id.id,
            is_open=self.state == "active",
            scheme=self.scheme,
            settings=settings,
            secrets=tuple(secrets),
            networks=tuple(_networks(self.allowed_ips)),
            max_bytes=self.max_kib * 1024,
            a_minute=self.rate_limit,
            headers=frozenset(_words(self.kept_headers)),
        )

    def _settings(self):
        """Return what the scheme is told."""
        self.ensure_one()
        given = {name: self[field] for name, field in SETTINGS.items()}
        return Settings(**{name: "" if one is False else one for name, one in given.items()})

    def _sealed_secrets(self):
        """Return {endpoint id: [(encrypted secret, end)]}, the newest first."""
        self.env["exception.event.secret"].flush_model()
        self.env.cr.execute(
            SQL(
                "SELECT endpoint_id, sealed, ends_at FROM exception_event_secret"
                " WHERE endpoint_id = ANY(%s) AND (ends_at IS NULL OR ends_at > %s)"
                " ORDER BY id DESC",
                self.ids,
                fields.Datetime.now(),
            )
        )
        secrets = {}
        for endpoint_id, sealed, ends_at in self.env.cr.fetchall():
            secrets.setdefault(endpoint_id, []).append((sealed, ends_at))
        return secrets

    @api.constrains("allowed_ips")
    def _check_allowed_ips(self):
        for endpoint in self:
            try:
                _networks(endpoint.allowed_ips)
            except ValueError as error:
                raise ValidationError(
                    _(
                        "An address that may send cannot be read: %s. Write one address or network "
                        "a line. Example: 203.0.113.0/24",
                        error,
                    )
                ) from error

    # ------------------------------------------------------------------
    # what drops the cache
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create endpoints; the door knows them at once."""
        endpoints = super().create(vals_list)
        self._door_changed()
        return endpoints

    def write(self, vals):
        """Write endpoints; the door learns what concerns it."""
        result = super().write(vals)
        if DOOR_FIELDS & vals.keys():
            self._door_changed()
        return result

    def unlink(self):
        """Delete endpoints that never had an event."""
        result = super().unlink()
        self._door_changed()
        return result

    @api.model
    def _door_changed(self):
        """Let the doors of all processes be looked up anew.

        Again after the commit: another thread of this process may have looked meanwhile, and would
        go on with a secret that has just been ended.
        """
        clear = self.env.registry.clear_cache
        clear()
        self.env.cr.postcommit.add(clear)


def _words(text):
    return (text or "").lower().replace(",", " ").split()


def _networks(text):
    """Return the networks that a text names.

    :raise ValueError: when a part of it is none
    """
    return [ipaddress.ip_network(word, strict=False) for word in _words(text)]
