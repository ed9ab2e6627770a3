from odoo import fields, models


class ExceptionTier(models.Model):
    """How much a customer is worth: its cases rank and are promised accordingly."""

    _name = "exception.tier"
    _description = "Exception Customer Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: gold")
    sequence = fields.Integer(default=10, help="The first one is the most valuable.")
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _sql_constraints = [("code_uniq", "unique(code)", "Another tier has this code already.")]
