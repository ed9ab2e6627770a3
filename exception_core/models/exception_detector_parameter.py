import keyword

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.domain_names import domain_names


class ExceptionDetectorParameter(models.Model):
    """A threshold, tolerance or age that an administrator may change; also for one company."""

    _name = "exception.detector.parameter"
    _inherit = ["exception.definition.part", "exception.versioned.part"]
    _description = "Exception Detector Parameter"
    _order = "sequence, id"
    _versioned_parent = "detector_id"

    detector_id = fields.Many2one("exception.detector", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        "Name in the condition", required=True, help="Plain word to use in conditions: max_days."
    )
    label = fields.Char(
        required=True, translate=True, help="What people read: Days without parcel."
    )
    kind = fields.Selection(
        [("integer", "Whole number"), ("float", "Number"), ("text", "Text")],
        required=True,
        default="integer",
    )
    value = fields.Char(required=True, default="0")
    unit = fields.Char(translate=True, help="days, hours, %, …")
    minimum = fields.Float()
    maximum = fields.Float(help="0 with a minimum of 0: no limits.")
    step = fields.Float(default=1, help="Step that the tuning curve starts with.")
    help = fields.Text("Explanation", translate=True, help="With a worked example.")
    value_ids = fields.One2many(
        "exception.detector.parameter.value", "parameter_id", string="Values by company", copy=True
    )

    _sql_constraints = [
        ("name_uniq", "unique(detector_id, name)", "A parameter of this name exists already.")
    ]

    @api.constrains("name")
    def _check_name(self):
        taken = domain_names(fields.Datetime.now())
        for parameter in self:
            name = parameter.name
            if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
                raise ValidationError(
                    _("“%s” cannot be a parameter's name: use letters, digits and _.", name)
                )
            if name in taken:
                raise ValidationError(_("“%s” is a name that conditions know already.", name))

    @api.constrains("value", "kind", "minimum", "maximum")
    def _check_value(self):
        for parameter in self:
            parameter._parse(parameter.value)

    def _parse(self, text):
        """Return a value as the parameter's kind.

        :param text: what was typed
        :return: int, float or str
        :raise ValidationError: when it is no such value or outside the limits
        """
        self.ensure_one()
        if self.kind == "text":
            return str(text or "")
        try:
            value = float(text)
            if self.kind == "integer":
                if value != int(value):
                    raise ValueError(text)
                value = int(value)
        except (TypeError, ValueError, OverflowError):
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            raise ValidationError(
                _(
                    "“%(value)s” is no %(kind)s for “%(label)s”.",
                    value=text,
                    kind=kinds[self.kind].lower(),
                    label=self.label,
                )
            ) from None
        limited = self.minimum or self.maximum
        if value != value or (limited and not self.minimum <= value <= self.maximum):
            raise ValidationError(
                _(
                    "“%(label)s” must lie between %(minimum)s and %(maximum)s.",
                    label=self.label,
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )
        return value

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "value_ids"]

    def _version_name(self):
        return self.label

    def _version_key(self):
        return self.name

    def action_edit(self):
        """Open the parameter's own form, with its limits and its values by company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _lab_line(self):
        """Return what the lab shows of a parameter."""
        self.ensure_one()
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "value": self._parse(self.value),
            "unit": self.unit or "",
            "minimum": self.minimum,
            "maximum": self.maximum,
            "step": self.step,
            "help": self.help or "",
            "companies": [
                {"name": line.company_id.display_name, "value": line.value}
                for line in self.value_ids
            ],
        }
