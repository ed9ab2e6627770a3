import base64
import secrets as random
from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ..tools import secret_box

SECRET_BYTES = 32


class ExceptionSealedSecret(models.Model):
    """A secret of any record, encrypted with a key that is not in the database.

    Nobody reads or writes it: administrators and auditors see that there is one, and since when;
    there is no screen for it. Code of the model puts secrets in and takes them out in clear, right
    before they are used.
    """

    _name = "exception.sealed.secret"
    _description = "Sealed Secret"
    _inherit = "exception.evidence"
    _order = "id desc"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        required=True, readonly=True, index=True, model_field="res_model"
    )
    purpose = fields.Char(required=True, readonly=True)
    sealed = fields.Char(required=True, readonly=True, groups=NO_ACCESS)
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(readonly=True, help="Empty: until there is another one.")

    @api.model
    def _put(self, record, purpose, text, overlap=timedelta(0)):
        """Keep a secret of a record; the one before stays valid for the time of ``overlap``.

        :raise UserError: without a key
        """
        try:
            sealed = secret_box.encrypt(text)
        except secret_box.KeyMissing as error:
            raise UserError(self._without_key()) from error
        now = fields.Datetime.now()
        old = self._of(record, purpose)
        if overlap:
            old.filtered(lambda one: not one.until)._store({"until": now + overlap})
        else:
            old._drop()
        self._record(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "purpose": purpose,
                    "sealed": sealed,
                    "since": now,
                }
            ]
        )

    @api.model
    def _take(self, record, purpose):
        """Return the secrets of a record that are valid now, in clear, the newest first.

        :raise KeyMissing: without a key
        :raise WrongKey: when no configured key fits
        """
        now = fields.Datetime.now()
        live = self._of(record, purpose).filtered(lambda one: not one.until or one.until > now)
        # sudo: the field is nobody's
        return [secret_box.decrypt(one.sealed) for one in live.sudo()]

    @api.model
    def _of(self, records, purpose=None):
        # sudo: nobody has a right to secrets
        found = self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        return found.filtered(lambda one: not purpose or one.purpose == purpose)

    @api.model
    def _forget(self, records):
        """Delete all secrets of records that are deleted."""
        self._of(records)._drop()

    def _drop(self):
        # past the evidence that nobody deletes: a secret that is not needed is a risk
        self.env.cr.execute(SQL("DELETE FROM exception_sealed_secret WHERE id = ANY(%s)", self.ids))
        self.invalidate_model(flush=False)

    @api.model
    def _renew(self):
        """Encrypt with the first key what was encrypted with one that is to go.

        What is over is not renewed but forgotten.
        """
        # sudo: nobody has a right to secrets
        self.sudo().search([("until", "<=", fields.Datetime.now())])._drop()
        for one in self.sudo().search([]):
            try:
                if not secret_box.is_current(one.sealed):
                    one._store({"sealed": secret_box.renew(one.sealed)})
            except (secret_box.KeyMissing, secret_box.WrongKey):
                # said where it is used; a person has to bring the key back
                continue

    @api.model
    def _new_secret(self):
        """Return a new secret as Standard Webhooks writes it."""
        return "whsec_" + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()

    @api.model
    def _without_key(self):
        return _(
            "Secrets cannot be kept: this server has no key to encrypt them with. Set "
            "secret_key_file in the section [exception_gateway] of its configuration first "
            "(docs/subscriptions.md)."
        )


class ExceptionEventEndpoint(models.Model):
    """The daily look at secrets is one for all of them."""

    _inherit = "exception.event.endpoint"

    @api.model
    def _cron_secrets(self):
        result = super()._cron_secrets()
        self.env["exception.sealed.secret"]._renew()
        return result
