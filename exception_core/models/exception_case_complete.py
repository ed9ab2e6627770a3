from collections import defaultdict

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .exception_case import OPEN_STATES


class ExceptionCaseComplete(models.Model):
    """How a case begins: what is left out follows from its type and its record.

    The one path for people and for detectors, and made for batches: types, rates, names and
    numbers are looked up once, never for each case.
    """

    _inherit = "exception.case"

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; what is left out follows from the type and the record."""
        return super().create(self._complete(vals_list))

    @api.onchange("type_id")
    def _onchange_type_id(self):
        if self.type_id:
            self.severity = self.type_id.default_severity
            self.disposition = self.type_id.disposition
            self.team_id = self.type_id.team_id
            self.title = self.title or self.type_id.name

    @api.model
    def _complete(self, vals_list):
        """Return values of new cases with everything that the model knows by itself."""
        now = fields.Datetime.now()
        if self.env.su:
            vals_list = [dict(vals) for vals in vals_list]
        else:
            vals_list = [self._complete_manual(vals) for vals in vals_list]
        self._complete_records(vals_list)
        types = self.env["exception.type"].sudo()  # sudo: defaults hold whoever opens the case
        rates = {}
        for vals in vals_list:
            kind = types.browse(vals.get("type_id") or ())
            self._complete_type(vals, kind, now)
            self._complete_money(vals, rates)
            vals["title"] = vals.get("title") or self._default_title(vals, kind)
        unnamed = [vals for vals in vals_list if not vals.get("name")]
        for vals, name in zip(unnamed, self._next_names(len(unnamed)), strict=True):
            vals["name"] = name
        return vals_list

    @api.model
    def _complete_manual(self, vals):
        """Check what a person gives, and add the defaults that a form would show."""
        vals = dict(vals)
        model, res_id = vals.get("res_model"), vals.get("res_id")
        if bool(model) != bool(res_id) or (model and model not in self.env):
            raise UserError(_("The record of the case is not known: give its model and its id."))
        if model:
            record = self.env[model].browse(res_id)
            if record._abstract or record._transient or not record.exists():
                raise UserError(_("The record of the case does not exist."))
            record.check_access_rights("read")
            record.check_access_rule("read")
            company = record["company_id"] if "company_id" in record else None
            if company and vals.setdefault("company_id", company.id) != company.id:
                raise UserError(
                    _("The case of a record belongs to the company of the record: %s", company.name)
                )
        vals.setdefault("company_id", self.env.company.id)
        return self._add_missing_default_values(vals)

    @api.model
    def _complete_records(self, vals_list):
        """Keep the names of the records: one batch for each model."""
        unnamed = [vals for vals in vals_list if vals.get("res_id") and not vals.get("res_name")]
        by_model = defaultdict(set)
        for vals in unnamed:
            by_model[vals["res_model"]].add(vals["res_id"])
        names = {}
        for model, ids in by_model.items():
            # sudo: detectors see records of every company; only the name is kept
            for record in self.env[model].sudo().browse(ids).exists():
                names[model, record.id] = record.display_name
        for vals in unnamed:
            vals["res_name"] = names.get((vals["res_model"], vals["res_id"]), False)

    @api.model
    def _complete_type(self, vals, kind, now):
        follows = {
            "category_id": kind.category_id.id,
            "severity": kind.default_severity,
            "disposition": kind.disposition,
            "team_id": kind.team_id.id,
            "sla_policy_id": kind.sla_policy_id.id,
            "company_id": self.env.company.id,
            "occurred_at": now,
            "detected_at": now,
            "state": "new",
        }
        for name, value in follows.items():
            if not vals.get(name):
                vals[name] = value
        if kind.playbook_id and not vals.get("playbook_id"):
            vals["playbook_id"] = kind._playbook_for(vals["company_id"])
        # sudo: only the company of the team is read
        team = self.env["exception.team"].sudo().browse(vals["team_id"] or ())
        if self.env.su and team.company_id and team.company_id.id != vals["company_id"]:
            # nobody of that team could see the case: everybody of its own company can
            vals["team_id"] = False
        if vals.get("user_id"):
            if vals["state"] == "new":
                vals["state"] = "open"
            vals.setdefault("assigned_at", now)
            if self._first_step_answers():
                vals.setdefault("first_response_at", now)
        vals["fingerprint"] = vals.get("fingerprint") or ""
        vals["is_open"] = vals["state"] in OPEN_STATES

    @api.model
    def _complete_money(self, vals, rates):
        # sudo: company and currency of a case are no secret to who opens it
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        if not vals.get("currency_id"):
            vals["currency_id"] = company.currency_id.id
        currency = self.env["res.currency"].sudo().browse(vals["currency_id"])
        date = fields.Datetime.to_datetime(vals["detected_at"]).date()
        amount = vals.get("amount") or 0.0
        vals["company_amount"] = self._to_company_currency(amount, currency, company, date, rates)

    @api.model
    def _default_title(self, vals, kind):
        """Type name and the first fact, in the language of the company."""
        # sudo: only the language is read
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        here = self.with_context(lang=company.partner_id.lang or self.env.lang)
        name = kind.with_env(here.env).name or ""
        # an instant would need somebody's time zone; the other kinds read the same everywhere
        facts = [f for f in here._fact_list(vals.get("facts")) if f["kind"] != "datetime"]
        if not facts:
            return name
        fact = facts[0]
        currency = self.env["res.currency"].browse(vals["currency_id"])
        value = here._format_fact(fact.get("value"), fact.get("kind"), currency)
        return f"{name} · {fact['label']} {value}"

    @api.model
    def _next_names(self, count):
        """Draw ``count`` references from the sequence, in one statement where it can be."""
        # sudo: users do not read sequences
        sequence = self.env.ref("exception_core.sequence_exception_case").sudo()
        if not count:
            return []
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _index in range(count)]
        self.env.cr.execute(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        width = sequence.padding
        return [f"{prefix}{number:0{width}d}{suffix}" for (number,) in self.env.cr.fetchall()]
