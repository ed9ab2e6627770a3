from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..schemes import registry
from ..schemes.base import Misconfigured
from ..tools import secret_box

# One that signs, and the one before it while the sender changes over.
MOST_LIVE = 2
# Longest time that an old secret may stay beside the new one.
MOST_HOURS = 24 * 14


class ExceptionEventSecret(models.Model):
    """A secret with which a sender proves itself to an endpoint.

    Encrypted by ``tools/secret_box.py``, and not readable over the ORM by anybody: whoever loses
    it makes a new one. Made and ended by the buttons of the endpoint only.
    """

    _name = "exception.event.secret"
    _description = "Secret of an Endpoint"
    _order = "id desc"

    endpoint_id = fields.Many2one(
        "exception.event.endpoint", required=True, readonly=True, ondelete="cascade", index=True
    )
    sealed = fields.Char(required=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    origin = fields.Selection(
        [("made", "Made here"), ("entered", "Entered, as the sender shows it")],
        required=True,
        readonly=True,
    )
    ends_at = fields.Datetime("Valid until", readonly=True, help="Empty: until it is replaced.")
    state = fields.Selection(
        [("current", "Current"), ("ending", "Until the sender has changed over"), ("over", "Over")],
        compute="_compute_state",
    )

    @api.depends("ends_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for secret in self:
            if not secret.ends_at:
                secret.state = "current"
            else:
                secret.state = "ending" if secret.ends_at > now else "over"

    @api.depends("create_date", "origin")
    def _compute_display_name(self):
        for secret in self:
            day = fields.Date.to_string(secret.create_date)
            secret.display_name = _("Secret of %s", day)

    @api.model
    def _add(self, endpoint, sealed, origin, hours):
        """Make a secret the current one; the one before it ends after so many hours.

        :param str sealed: encrypted
        :param str origin: made or entered
        :param int hours: 0: the one before it ends at once
        """
        now = fields.Datetime.now()
        domain = ["|", ("ends_at", "=", False), ("ends_at", ">", now)]
        live = self.search([("endpoint_id", "=", endpoint.id), *domain], order="id desc")
        # those before the newest end now, so that there are never more than two
        live[MOST_LIVE - 1 :]._end(now)
        live[: MOST_LIVE - 1]._end(now + timedelta(hours=hours))
        # sudo: the caller has checked who asks; nobody may create secrets by hand
        secret = self.sudo().create(
            {"endpoint_id": endpoint.id, "sealed": sealed, "origin": origin}
        )
        endpoint._secret_changed("endpoint.secret", secret, hours if live else None)
        return secret.sudo(False)

    def _end(self, moment):
        """Let secrets end at a moment, those that end sooner at theirs."""
        for secret in self:
            if not secret.ends_at or secret.ends_at > moment:
                # sudo: the caller has checked who asks
                secret.sudo().ends_at = moment

    def action_end(self):
        """End an old secret now: the sender has changed over, or somebody else knows it."""
        self.endpoint_id._check_may_configure()
        for secret in self:
            if secret.state != "ending":
                raise UserError(
                    _(
                        "Only the secret before the current one can be ended here. To replace the "
                        "current one, press New secret."
                    )
                )
            secret._end(fields.Datetime.now())
            secret.endpoint_id._secret_changed("endpoint.secret_ended", secret)

    @api.model_create_multi
    def create(self, vals_list):
        """Create secrets; the door knows them at once."""
        found = super().create(vals_list)
        self.endpoint_id._door_changed()
        return found

    def write(self, vals):
        """Write secrets; the door learns it."""
        result = super().write(vals)
        self.endpoint_id._door_changed()
        return result

    @api.model
    def _seal(self, endpoint, text):
        """Return a secret encrypted, once the scheme has agreed to it.

        :raise UserError: when there is no key to encrypt with
        :raise ValidationError: when it cannot be a secret of this scheme
        """
        try:
            registry.get(endpoint.scheme).check_secret(text)
            return secret_box.encrypt(text)
        except Misconfigured as error:
            raise ValidationError(str(error)) from error
        except secret_box.KeyMissing as error:
            raise UserError(endpoint._key_advice()) from error

    def _renew(self):
        """Encrypt with the first key what was encrypted with one that is to go."""
        for secret in self:
            try:
                if not secret_box.is_current(secret.sealed):
                    secret.sealed = secret_box.renew(secret.sealed)
            except (secret_box.KeyMissing, secret_box.WrongKey):
                # said at the door and on activation; a person has to bring the key back
                continue
