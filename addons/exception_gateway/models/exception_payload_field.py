from odoo import fields, models


class ExceptionPayloadField(models.Model):
    """Something that may be added to what is told about a case: the mask.

    Shipped as data; what each one adds is a method ``_payload_<code>`` of ``exception.case``. An
    addon adds a record and a method. Administrators choose among them on each subscription.
    """

    _name = "exception.payload.field"
    _description = "Field of Outgoing Events"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    is_personal = fields.Boolean(
        "May name people", help="Names of people or free text: send them only where needed."
    )

    _sql_constraints = [("code_uniq", "unique(code)", "This code is in use.")]
