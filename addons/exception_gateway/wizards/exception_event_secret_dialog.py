from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.exception_event_secret import MOST_HOURS
from ..schemes import registry


class ExceptionEventSecretDialog(models.TransientModel):
    """Makes or takes a new secret, and shows one that was made, once.

    In clear a secret passes through memory only: what is entered is encrypted as it comes, and
    what is shown stands in the answer to the click, in no table.
    """

    _name = "exception.event.secret.dialog"
    _inherit = "exception.dialog"
    _description = "New Secret of an Endpoint"

    endpoint_id = fields.Many2one("exception.event.endpoint", required=True, readonly=True)
    has_secret = fields.Boolean(compute="_compute_makes")
    makes = fields.Boolean(compute="_compute_makes")
    origin = fields.Selection(
        [("made", "Make one here"), ("entered", "Enter the sender's")],
        "Where it comes from",
        compute="_compute_origin",
        store=True,
        readonly=False,
        required=True,
    )
    entered = fields.Char(
        "Secret",
        compute="_compute_entered",
        inverse="_inverse_entered",
        help="As the sender's settings show it. Example: whsec_…",
    )
    sealed = fields.Char(groups=fields.NO_ACCESS)
    hours = fields.Integer(
        "The old one stays valid for (hours)",
        default=24,
        help="Until the sender uses the new one. 0: it ends now, as when somebody else knows it.",
    )
    shown = fields.Char(
        "The new secret",
        compute="_compute_shown",
        help="It is shown this once. Put it into the sender's settings.",
    )

    @api.depends("endpoint_id")
    def _compute_makes(self):
        for dialog in self:
            scheme = registry.get(dialog.endpoint_id.scheme)
            # only asked whether it can; this one is thrown away
            dialog.makes = bool(scheme and scheme.new_secret())
            dialog.has_secret = bool(dialog.endpoint_id.secret_count)

    @api.depends("makes")
    def _compute_origin(self):
        for dialog in self:
            dialog.origin = "made" if dialog.makes else "entered"

    def _compute_entered(self):
        self.entered = False

    def _inverse_entered(self):
        for dialog in self.filtered("entered"):
            dialog.endpoint_id._check_may_configure()
            text = dialog.entered.strip()
            # sudo: nobody reads this field, and the model alone writes it
            dialog.sudo().sealed = dialog.env["exception.event.secret"]._seal(
                dialog.endpoint_id, text
            )

    @api.depends_context("exception_new_secret")
    def _compute_shown(self):
        self.shown = self.env.context.get("exception_new_secret")

    def action_apply(self):
        """Make the new secret the current one; show it when it was made here."""
        self.ensure_one()
        self.endpoint_id._check_may_configure()
        if not 0 <= self.hours <= MOST_HOURS:
            raise ValidationError(
                _("Let the old secret end after at most %s hours. Example: 24.", MOST_HOURS)
            )
        secrets = self.env["exception.event.secret"]
        text = None
        if self.origin == "made":
            text = registry.get(self.endpoint_id.scheme).new_secret()
            if not text:
                raise UserError(
                    _("The sender makes this kind of secret. Copy it from there and enter it.")
                )
            sealed = secrets._seal(self.endpoint_id, text)
        else:
            # sudo: as above
            sealed = self.sudo().sealed
            if not sealed:
                raise UserError(_("Enter the secret as the sender's settings show it."))
        secrets._add(self.endpoint_id, sealed, self.origin, self.hours)
        # sudo: used up
        self.sudo().sealed = False
        return self._show(text) if text else {"type": "ir.actions.act_window_close"}

    def _show(self, text):
        view = self.env.ref("exception_gateway.exception_event_secret_dialog_view_shown")
        return {
            "type": "ir.actions.act_window",
            "name": _("The new secret of %s", self.endpoint_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"exception_new_secret": text},
        }
