from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionDetectorTrigger(models.Model):
    """What touches a real-time detector: a model, its fields, and the way to the checked record.

    Example: an order's detector is touched by ``product_uom_qty`` of sale.order.line, and
    ``order_id`` leads back to the order.
    """

    _name = "exception.detector.trigger"
    _inherit = ["exception.definition.part", "exception.versioned.part"]
    _description = "Exception Detector Trigger"
    _versioned_parent = "detector_id"

    detector_id = fields.Many2one("exception.detector", required=True, ondelete="cascade")
    automatic = fields.Boolean(
        readonly=True, help="Derived from the condition; renewed when the condition changes."
    )
    model_id = fields.Many2one(
        "ir.model", string="When this is saved", required=True, ondelete="cascade"
    )
    model = fields.Char(related="model_id.model", store=True)
    path = fields.Char(
        "Leads back by",
        help="Fields from there to the checked record, e.g. order_id. Empty: the record itself.",
    )
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Fields",
        domain="[('model_id', '=', model_id)]",
        help="Only a change of these fields checks again. Empty: any field.",
    )

    @api.constrains("model_id", "path", "detector_id")
    def _check_path(self):
        for trigger in self:
            model = self.env[trigger.model_id.model]
            for name in (trigger.path or "").split("."):
                field = model._fields.get(name) if name else None
                if name and (not field or not field.relational):
                    raise ValidationError(
                        _(
                            "“%(path)s” does not lead from %(model)s to another record: %(name)s "
                            "is no relation there.",
                            path=trigger.path,
                            model=trigger.model_id.name,
                            name=name,
                        )
                    )
                model = self.env[field.comodel_name] if name else model
            if model._name != trigger.detector_id.model_id.model:
                raise ValidationError(
                    _(
                        "“%(path)s” of %(model)s leads to %(actual)s, not to the checked "
                        "%(expected)s.",
                        path=trigger.path or "",
                        model=trigger.model_id.name,
                        actual=model._description,
                        expected=trigger.detector_id.model_id.name,
                    )
                )

    def _version_name(self):
        return f"{self.model_id.name} › {self.path}" if self.path else self.model_id.name
