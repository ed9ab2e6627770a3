from odoo import fields, models

from ..tools.vocabulary import CHANNEL_KINDS


class ExceptionChannel(models.Model):
    """Where business comes from: a shop, a marketplace, a store, a portal, EDI, the desk."""

    _name = "exception.channel"
    _description = "Exception Channel"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: web_shop")
    kind = fields.Selection(CHANNEL_KINDS, required=True, default="shop")
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a channel that all companies share."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _sql_constraints = [
        ("code_uniq", "unique(code)", "Another channel has this code already."),
    ]
