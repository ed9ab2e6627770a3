from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from .exception_rule_judge import _fact_values

SOURCES = [
    ("value", "This value"),
    ("fact", "What the detector saw"),
    ("case", "A field of the case"),
    ("record", "A field of the record"),
]


class ExceptionPlaybookStepInput(models.Model):
    """What an action of a playbook gets: a fixed value, a fact, or a field by its name. No code."""

    _name = "exception.playbook.step.input"
    _description = "Input of a Playbook's Action"
    _inherit = "exception.versioned.part"
    _order = "step_id, id"
    _rec_name = "parameter_id"
    _versioned_parent = "step_id"

    step_id = fields.Many2one(
        "exception.playbook.step", required=True, index=True, ondelete="cascade"
    )
    action_id = fields.Many2one(related="step_id.action_id")
    parameter_id = fields.Many2one(
        "exception.action.parameter",
        "Input",
        required=True,
        ondelete="cascade",
        domain="[('action_id', '=', action_id)]",
    )
    source = fields.Selection(SOURCES, "Comes from", required=True, default="value")
    value = fields.Char(
        "Value or name",
        help="A value: 14. A fact by its key: days_late. A field by its name: amount, or a field "
        "of a field: partner_id.name.",
    )

    _sql_constraints = [
        ("once", "unique(step_id, parameter_id)", "Each input is given once."),
    ]

    @api.constrains("parameter_id", "source", "value")
    def _check_value(self):
        for line in self:
            text = (line.value or "").strip()
            if line.source == "value":
                if text:
                    line.parameter_id._parse(text)
            elif not text:
                raise ValidationError(_("Name where “%s” comes from.", line.parameter_id.label))
            elif line.source == "case":
                line._check_path("exception.case", text)
            elif line.source == "record":
                model = line.step_id.model
                if not model:
                    raise ValidationError(
                        _("Choose the kind of record of the playbook before you use its fields.")
                    )
                line._check_path(model, text)

    def _check_path(self, model_name, path):
        model = self.env[model_name]
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None or field.groups:
                raise ValidationError(
                    _("“%(path)s” is no field of %(model)s.", path=path, model=model_name)
                )
            model = self.env[field.comodel_name] if field.relational else None

    def _settings(self):
        """Return what a case must know of this input, as plain values."""
        self.ensure_one()
        return {
            "name": self.parameter_id.name,
            "source": self.source,
            "value": (self.value or "").strip(),
        }

    @api.model
    def _values_for(self, inputs, case):
        """Return the inputs of an action on a case, by name.

        :param inputs: list of dicts as ``_settings`` gives them
        """
        return {one["name"]: self._value_of(one, case) for one in inputs}

    @api.model
    def _value_of(self, given, case):
        source, text = given["source"], given["value"]
        if source == "value":
            return text or None
        if source == "fact":
            return _fact_values(case.facts).get(text)
        record = case
        if source == "record":
            if not case.res_id or case.res_model not in self.env:
                return None
            record = self.env[case.res_model].browse(case.res_id).exists()
        value = record
        for name in text.split("."):
            if name not in value._fields:
                return None
            value = value[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value
