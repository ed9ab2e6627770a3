from odoo import fields, models


class ExceptionSystem(models.Model):
    """A system that events come from or go to: a shop, a payment provider, a warehouse, a desk.

    Endpoints and subscriptions belong to one. The table of authority says for each kind of data
    which system is right.
    """

    _name = "exception.system"
    _description = "External System"
    _inherit = "exception.versioned"
    _order = "sequence, name"

    name = fields.Char(required=True, help="As people call it. Example: Web shop.")
    code = fields.Char(required=True, copy=False, help="Stable technical name. Example: shop.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: serves all companies.")

    _sql_constraints = [
        ("code_uniq", "unique(code)", "This code is in use by another system; choose another."),
    ]
