from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.vocabulary import REASON_CLASSES, REASON_KINDS


class ExceptionReason(models.Model):
    """A reason code: why something went wrong, or why it was decided as it was."""

    _name = "exception.reason"
    _description = "Exception Reason"
    _order = "kind, sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: carrier_capacity")
    kind = fields.Selection(
        REASON_KINDS, required=True, help="Where the reason is offered: on closing, on accepting …"
    )
    reason_class = fields.Selection(
        REASON_CLASSES,
        "Class",
        help="Lets reviews tell causes apart. Example: a carrier without capacity is of class "
        "Carrier, a wrong address typed by the customer of class Customer.",
    )
    category_ids = fields.Many2many(
        "exception.category",
        string="Categories",
        help="Offered on cases of these categories and of those below them; on all where empty.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _sql_constraints = [
        ("code_uniq", "unique(kind, code)", "Another reason of this kind has this code already."),
    ]

    @api.constrains("kind", "reason_class")
    def _check_reason_class(self):
        for reason in self:
            if reason.kind == "root_cause" and not reason.reason_class:
                raise ValidationError(
                    _("Give the root cause %s a class, so that reviews can count it.", reason.name)
                )

    @api.model
    def _domain_for(self, category, kind):
        """Return the domain of the reasons of ``kind`` that apply to cases of ``category``."""
        scope = [("category_ids", "=", False)]
        if category:
            scope = ["|", *scope, ("category_ids", "in", category._ancestor_ids())]
        return [("kind", "=", kind), *scope]

    def _applies_to(self, category):
        """Tell whether this reason may be given on a case of ``category``."""
        self.ensure_one()
        scope = set(self.category_ids.ids)
        return not scope or not scope.isdisjoint(category._ancestor_ids())
