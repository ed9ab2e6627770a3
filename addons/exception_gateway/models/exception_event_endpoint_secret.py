from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools import secret_box

OLD = "exception_gateway.mail_activity_type_secret"


class ExceptionEventEndpointSecret(models.Model):
    """The secrets of an endpoint: rotation by one button, and who is told that one grows old."""

    _inherit = "exception.event.endpoint"

    secret_ids = fields.One2many(
        "exception.event.secret", "endpoint_id", string="Secrets", readonly=True
    )
    secret_count = fields.Integer("Live secrets", compute="_compute_secret_count")
    secret_max_days = fields.Integer(
        "A secret is old after (days)",
        default=365,
        help="The owner is told once, and it stays valid. 0: never. Example: 180.",
    )

    @api.depends("secret_ids.ends_at")
    def _compute_secret_count(self):
        for endpoint in self:
            live = endpoint.secret_ids.filtered(lambda one: one.state != "over")
            endpoint.secret_count = len(live)

    def action_rotate(self):
        """Open the dialog that makes or takes a new secret."""
        self.ensure_one()
        self._check_may_configure()
        if not secret_box.is_ready():
            raise UserError(self._key_advice())
        return {
            "type": "ir.actions.act_window",
            "name": _("New secret of %s", self.display_name),
            "res_model": "exception.event.secret.dialog",
            "view_mode": "form",
            "target": "new",
            "context": {"default_endpoint_id": self.id},
        }

    def _secret_changed(self, event, secret, hours=None):
        """Write down that a secret was made or ended, in the trail and for the followers."""
        self.ensure_one()
        self.env["exception.audit.entry"]._audit_config(
            self, event, made=secret.create_date, origin=secret.origin, hours=hours
        )
        if event == "endpoint.secret_ended":
            text = _("The secret before the current one has been ended.")
        elif hours:
            text = _("A new secret is in use. The one before it ends in %s hours.", hours)
        elif hours == 0:
            text = _("A new secret is in use. The one before it has ended.")
        else:
            text = _("The first secret is in use.")
        # sudo: a note of the model, also where its reader may not write
        self.sudo().message_post(body=text)
        self.sudo().activity_unlink([OLD])

    @api.model
    def _cron_secrets(self):
        """Tell owners of secrets that grow old; store secrets anew after a change of the key."""
        # sudo: of every company, whoever runs it
        endpoints = self.sudo().search([("state", "=", "active")])
        now = fields.Datetime.now()
        for endpoint in endpoints:
            current = endpoint.secret_ids.filtered(lambda one: one.state == "current")[:1]
            limit = timedelta(days=endpoint.secret_max_days)
            if limit and current and current.create_date + limit < now:
                endpoint._tell_old_secret((now - current.create_date).days)
        self.sudo().env["exception.event.secret"].search([])._renew()

    def _tell_old_secret(self, days):
        """Give the owner one activity; it ends with the next new secret."""
        if self.activity_search([OLD]):
            return
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            OLD,
            summary=_("The secret of this endpoint is %s days old", days),
            note=_(
                "Make a new one in the sender's settings, then press New secret. Both are valid "
                "until the old one ends."
            ),
            user_id=self.owner_id.id,
        )
