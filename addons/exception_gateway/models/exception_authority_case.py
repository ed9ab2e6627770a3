from odoo import fields, models


class ExceptionAuthority(models.Model):
    """Who is right about the state of a case when both sides have changed it."""

    _inherit = "exception.authority"

    data_kind = fields.Selection(
        selection_add=[("case", "State of cases")], ondelete={"case": "cascade"}
    )
