import secrets

from odoo import api, fields, models


class ExceptionEventEndpoint(models.Model):
    """An address at which one outside system delivers events, and how it proves who it is."""

    _name = "exception.event.endpoint"
    _description = "Event Endpoint"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.versioned"]
    _order = "name"

    name = fields.Char(required=True, tracking=True, help="Example: Stripe, live account.")
    token = fields.Char(
        "Address",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        help="The part of the address that nobody can guess.",
    )
    url = fields.Char("Deliver to", compute="_compute_url")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("paused", "Paused")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    system_id = fields.Many2one("exception.system", required=True, ondelete="restrict")
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        help="Is told when events cannot be understood, secrets grow old, or nothing comes.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    event_ids = fields.One2many("exception.event", "endpoint_id", string="Events")

    _sql_constraints = [("token_uniq", "unique(token)", "This address is in use.")]

    @api.depends("token")
    def _compute_url(self):
        base = self.get_base_url()
        for endpoint in self:
            endpoint.url = f"{base}/exception/v1/events/{endpoint.token}"
