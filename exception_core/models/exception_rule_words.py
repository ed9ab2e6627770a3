from datetime import date, datetime

from odoo import _, api, fields, models
from odoo.osv import expression
from odoo.tools.misc import format_date, format_datetime, formatLang

from ..tools.domain_text import evaluate_domain
from .exception_rule import SETS
from .exception_rule_fact import OPERATORS

# more names than these are counted
NAMED = 3


class ExceptionRuleWords(models.Model):
    """A rule as a sentence: when, and then what."""

    _inherit = "exception.rule"

    condition_text = fields.Char("When", compute="_compute_condition_text")
    effect_text = fields.Char("Then", compute="_compute_effect_text")

    @api.depends("domain", "model_id", "record_domain", "fact_ids", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_condition_text(self):
        for rule in self:
            rule.condition_text = " · ".join(rule._condition_words()) or _("every case")

    def _condition_words(self):
        words = []
        if self.company_id:
            words.append(self.company_id.name)
        words.append(self._domain_words("exception.case", self.domain))
        # sudo: names of models are no secret
        model = self.model_id.sudo()
        if model:
            about = self._domain_words(model.model, self.record_domain)
            words.append(
                _("%(model)s: %(condition)s", model=model.name, condition=about or _("any"))
            )
        operators = dict(OPERATORS)
        if self.fact_ids:
            operators = dict(self.fact_ids._fields["operator"]._description_selection(self.env))
        for fact in self.fact_ids:
            words.append(f"{fact.key} {operators[fact.operator]} {fact.value or ''}".strip())
        return filter(None, words)

    @api.depends(*SETS, "stop", "protect")
    @api.depends_context("lang", "uid")
    def _compute_effect_text(self):
        for rule in self:
            words = [
                f"{rule._fields[name]._description_string(self.env)}: {rule._effect_value(name)}"
                for name in SETS
                if rule[name]
            ]
            if rule.stop:
                words.append(_("stops here"))
            if rule.protect:
                words.append(_("changes need a reason"))
            rule.effect_text = " · ".join(words)

    def _effect_value(self, name):
        field = self._fields[name]
        if field.relational:
            # sudo: names only, of what the rule itself gives
            return ", ".join(self[name].sudo().mapped("display_name"))
        return dict(field._description_selection(self.env))[self[name]]

    # ------------------------------------------------------------------
    # domains
    # ------------------------------------------------------------------

    def _domain_words(self, model_name, text):
        """Describe a condition; one that cannot be read is shown as it is written."""
        try:
            domain = evaluate_domain(text or "[]", fields.Datetime.now())
            stack = []
            for leaf in reversed(expression.normalize_domain(domain) if domain else []):
                if leaf in ("&", "|"):
                    word = _("and") if leaf == "&" else _("or")
                    left, right = stack.pop(), stack.pop()
                    stack.append((leaf, f"{_inside(left, leaf)} {word} {_inside(right, leaf)}"))
                elif leaf == "!":
                    stack.append(("!", _("not (%s)", stack.pop()[1])))
                else:
                    stack.append(("", self._leaf_words(model_name, leaf)))
            return stack.pop()[1] if stack else ""
        except Exception:  # noqa: BLE001 - a model or a field may be gone with its addon
            return text or ""

    def _leaf_words(self, model_name, leaf):
        path, operator, value = leaf
        if not isinstance(path, str):
            return _("always") if leaf == expression.TRUE_LEAF else _("never")
        model, labels, field = self.env[model_name], [], None
        for name in path.split("."):
            field = model._fields[name]
            labels.append(field._description_string(self.env))
            model = self.env[field.comodel_name] if field.relational else None
        label = " › ".join(labels)
        if value is False and operator in ("=", "!="):
            empty = operator == "="
            if field.type == "boolean":
                return f"{label}: {_('no') if empty else _('yes')}"
            return _("%s is empty", label) if empty else _("%s is given", label)
        if field.type == "boolean" and value is True:
            return f"{label}: {_('yes') if operator == '=' else _('no')}"
        if operator in ("any", "not any"):
            return f"{label} {self._operator_words(operator)} …"
        return f"{label} {self._operator_words(operator)} {self._value_words(field, value)}"

    @api.model
    def _operator_words(self, operator):
        words = {
            "=": _("is"),
            "!=": _("is not"),
            "in": _("is"),
            "not in": _("is not"),
            "<": _("below"),
            "<=": _("at most"),
            ">": _("above"),
            ">=": _("at least"),
            "ilike": _("contains"),
            "like": _("contains"),
            "not ilike": _("does not contain"),
            "not like": _("does not contain"),
            "child_of": _("is or is under"),
            "parent_of": _("is or is above"),
            "any": _("has one with"),
            "not any": _("has none with"),
        }
        return words.get(operator, operator)

    def _value_words(self, field, value):
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        if field.relational and all(isinstance(one, int) for one in values):
            # sudo: names only, of what the rule itself asks for
            records = self.env[field.comodel_name].sudo().browse(values).exists()
            names = records.mapped("display_name")
        else:
            names = [self._one_value_words(field, one) for one in values]
        if len(names) > NAMED:
            rest = len(names) - NAMED
            return _("%(some)s or %(rest)s more", some=", ".join(names[:NAMED]), rest=rest)
        return _(" or ").join(names)

    def _one_value_words(self, field, value):
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        if isinstance(value, datetime):
            return format_datetime(self.env, value, dt_format="short")
        if isinstance(value, date):
            return format_date(self.env, value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return formatLang(self.env, value, digits=0 if float(value).is_integer() else 2)
        return f"“{value}”" if isinstance(value, str) else str(value)


def _inside(words, operator):
    """Put brackets around an alternative that stands inside another kind of joint."""
    inner, text = words
    return f"({text})" if inner and inner not in (operator, "!") else text
