import keyword
import math
from ast import literal_eval

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, formatLang

KINDS = [
    ("text", "Text"),
    ("integer", "Whole number"),
    ("float", "Number"),
    ("amount", "Amount of money"),
    ("boolean", "Yes or no"),
    ("date", "Date"),
    ("choice", "Choice"),
    ("record", "Record"),
]


class ExceptionActionParameter(models.Model):
    """An input of an action: typed, with limits, checked wherever it comes from."""

    _name = "exception.action.parameter"
    _inherit = "exception.versioned.part"
    _description = "Exception Action Input"
    _order = "sequence, id"
    _rec_name = "label"
    _versioned_parent = "action_id"

    action_id = fields.Many2one("exception.action", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True, help="Plain word by which keys and code know it: days, amount."
    )
    label = fields.Char(required=True, translate=True, help="What people read: Days to wait.")
    kind = fields.Selection(KINDS, required=True, default="text")
    required = fields.Boolean(default=True)
    default = fields.Char(help="What stands there before anybody types. Example: 14")
    minimum = fields.Float()
    maximum = fields.Float(help="0 with a minimum of 0: no limits.")
    choices = fields.Text(
        help="One choice a line, as value=what people read. Example: carrier=The carrier"
    )
    model_id = fields.Many2one("ir.model", "Kind of record", ondelete="cascade")
    model = fields.Char(related="model_id.model", string="Model name")
    domain = fields.Char(default="[]", help="Which records may be chosen.")
    help = fields.Text("Explanation", translate=True, help="With a worked example.")

    _sql_constraints = [
        ("name_uniq", "unique(action_id, name)", "An input of this name exists already.")
    ]

    @api.constrains("name")
    def _check_name(self):
        for parameter in self:
            name = parameter.name
            if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
                raise ValidationError(
                    _("“%s” cannot be an input's name: use letters, digits and _.", name)
                )

    @api.constrains("kind", "choices", "model_id", "default", "minimum", "maximum")
    def _check_kind(self):
        for parameter in self:
            if parameter.kind == "choice" and not parameter._choices():
                raise ValidationError(_("Say what can be chosen for “%s”.", parameter.label))
            if parameter.kind == "record" and not parameter.model_id:
                raise ValidationError(_("Say which kind of record “%s” is.", parameter.label))
            if parameter.default:
                parameter._parse(parameter.default)

    def _version_key(self):
        return self.name

    def _choices(self):
        """Return [(value, label)] of what may be chosen."""
        lines = [line.strip() for line in (self.choices or "").splitlines() if line.strip()]
        pairs = [line.partition("=") for line in lines]
        return [(value.strip(), (label or value).strip()) for value, _sign, label in pairs]

    def _parse(self, value):
        """Return a value as the input's kind, as JSON knows it.

        :raise ValidationError: when it is no such value, or outside the limits
        """
        self.ensure_one()
        if value is None or value is False or value == "":
            if self.kind == "boolean":
                return False
            if self.required:
                raise ValidationError(_("“%s” is missing.", self.label))
            return False
        try:
            return getattr(self, f"_parse_{self.kind}")(value)
        except (TypeError, ValueError, OverflowError):
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            raise ValidationError(
                _(
                    "“%(value)s” does not fit “%(label)s” (%(kind)s).",
                    value=value,
                    label=self.label,
                    kind=kinds[self.kind].lower(),
                )
            ) from None

    def _parse_text(self, value):
        return str(value)

    def _parse_boolean(self, value):
        return str(value).strip().lower() in ("true", "1", "yes")

    def _parse_date(self, value):
        return fields.Date.to_string(fields.Date.to_date(str(value)))

    def _parse_float(self, value):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(value)
        if (self.minimum or self.maximum) and not self.minimum <= number <= self.maximum:
            raise ValidationError(
                _(
                    "“%(label)s” must lie between %(minimum)s and %(maximum)s.",
                    label=self.label,
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )
        return number

    def _parse_amount(self, value):
        number = self._parse_float(value)
        if number < 0:
            raise ValidationError(_("“%s” cannot be negative.", self.label))
        return number

    def _parse_integer(self, value):
        number = self._parse_float(value)
        if number != int(number):
            raise ValueError(value)
        return int(number)

    def _parse_choice(self, value):
        if value not in dict(self._choices()):
            raise ValueError(value)
        return value

    def _parse_record(self, value):
        """Return the id of a record that may be chosen, by the rights of whoever asks."""
        model = self.env[self.sudo().model_id.model]
        domain = [*self._record_domain(), ("id", "=", int(value))]
        if not model.search_count(domain, limit=1):
            raise ValueError(value)
        return int(value)

    def _record_domain(self):
        return literal_eval(self.domain) if self.domain else []

    def _say(self, value, case=None):
        """Return a value as people read it; amounts in the currency of the case, if given."""
        self.ensure_one()
        if value is None or value is False:
            return _("No") if self.kind == "boolean" else ""
        if self.kind == "record":
            # sudo: the name of what a person who may choose it has chosen
            return self.env[self.sudo().model_id.model].sudo().browse(value).display_name
        if self.kind == "choice":
            return dict(self._choices()).get(value, value)
        if self.kind == "boolean":
            return _("Yes") if value else _("No")
        try:
            if self.kind == "amount":
                # sudo: symbol and decimals of a currency are no secret
                currency = case.sudo().currency_id if case else None
                return formatLang(self.env, float(value), currency_obj=currency)
            if self.kind == "date":
                return format_date(self.env, str(value))
        except (TypeError, ValueError):
            # still being typed: it is said as it stands, and checked before it counts
            return str(value)
        return str(value)

    def _definition(self):
        """Return what the dialog shows of an input, as plain values."""
        self.ensure_one()
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "required": self.required,
            "help": self.help or "",
            "choices": self._choices(),
            "model": self.model or "",
            "domain": self.domain or "[]",
        }
