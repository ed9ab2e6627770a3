from odoo import fields, models


class ExceptionTag(models.Model):
    """A word that people and triage rules put on cases to find them again."""

    _name = "exception.tag"
    _description = "Exception Tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, help="Example: Trade fair")
    color = fields.Integer(help="Colour of the tag in lists and on cards.")
    active = fields.Boolean(default=True)

    _sql_constraints = [("name_uniq", "unique(name)", "There is a tag of this name already.")]
