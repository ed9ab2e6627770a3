from contextlib import suppress
from datetime import datetime

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

OPERATORS = [
    ("=", "is"),
    ("!=", "is not"),
    ("<", "is less than"),
    ("<=", "is at most"),
    (">", "is more than"),
    (">=", "is at least"),
    ("contains", "contains"),
    ("set", "is given"),
    ("unset", "is not given"),
]
COMPARISONS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class ExceptionRuleFact(models.Model):
    """A condition on one fact that the detector wrote on the case."""

    _name = "exception.rule.fact"
    _inherit = ["exception.definition.part", "exception.versioned.part"]
    _description = "Condition on a Fact"
    _order = "rule_id, id"
    _versioned_parent = "rule_id"

    rule_id = fields.Many2one("exception.rule", required=True, ondelete="cascade", index=True)
    key = fields.Char(
        "Fact",
        required=True,
        help="The key of the fact, as the detector's page “What a case shows” names it. "
        "Example: days_late",
    )
    operator = fields.Selection(OPERATORS, required=True, default="=")
    value = fields.Char(
        help="A number, a text, yes or no, or a day as 2026-03-31. Example: 5",
    )

    @api.constrains("key", "operator", "value")
    def _check_value(self):
        for line in self:
            if line.operator in ("set", "unset"):
                continue
            if not line.value:
                raise ValidationError(_("Say with what the fact “%s” is compared.", line.key))
            if line.operator in ("<", "<=", ">", ">=") and _comparable(line.value) is None:
                raise ValidationError(
                    _(
                        "“%(key)s” is compared by size, but “%(value)s” is neither a number nor a "
                        "day such as 2026-03-31.",
                        key=line.key,
                        value=line.value,
                    )
                )

    def _version_name(self):
        return self.key

    def _definition(self):
        return (self.key, self.operator, self.value or "")


def fact_matches(facts, key, operator, value):
    """Tell whether a case's facts meet one condition.

    :param dict facts: key → value; a fact that is missing meets only “is not” and “is not given”
    """
    fact = facts.get(key)
    known = fact is not None and fact != ""
    if operator in ("set", "unset"):
        return known == (operator == "set")
    if not known:
        return operator == "!="
    if operator == "contains":
        return value.lower() in str(fact).lower()
    left, right = _plain(fact), _plain(value)
    if type(left) is not type(right):
        left, right = str(fact).lower(), value.lower()
        if operator not in ("=", "!="):
            return False
    return COMPARISONS[operator](left, right)


def _plain(value):
    """Return a number, an instant, a boolean or a text without regard to case."""
    if isinstance(value, bool):
        return value
    text = str(value).strip()
    if text.lower() in ("yes", "true"):
        return True
    if text.lower() in ("no", "false"):
        return False
    comparable = _comparable(text)
    return text.lower() if comparable is None else comparable


def _comparable(value):
    """Return a number or an instant; None when it is neither."""
    text = str(value).strip()
    for read in (float, lambda text: datetime.fromisoformat(text[:19].replace(" ", "T"))):
        with suppress(ValueError):
            return read(text)
    return None
