from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_amount, format_date, format_datetime, formatLang

DUE_STATES = [
    ("none", "No deadline"),
    ("ok", "In time"),
    ("soon", "Due soon"),
    ("breached", "Overdue"),
    ("paused", "Paused"),
    ("done", "Ended"),
]


class ExceptionCaseView(models.Model):
    """What screens show of a case: facts as a table, its next deadline, its record."""

    _inherit = "exception.case"

    facts_html = fields.Html("Facts shown", compute="_compute_facts_html", sanitize=False)
    due_at = fields.Datetime(
        "Next deadline",
        compute="_compute_due",
        help="The first response is due until somebody takes the case, then its resolution.",
    )
    due_kind = fields.Selection(
        [("response", "First response"), ("resolution", "Resolution")], compute="_compute_due"
    )
    due_state = fields.Selection(DUE_STATES, compute="_compute_due")
    record_exists = fields.Boolean(compute="_compute_record_exists")
    res_model_name = fields.Char("Kind of record", compute="_compute_res_model_name")

    # ------------------------------------------------------------------
    # facts
    # ------------------------------------------------------------------

    @api.depends("facts", "currency_id", "detector_id")
    @api.depends_context("lang", "tz")
    def _compute_facts_html(self):
        for case in self:
            rows = Markup().join(
                Markup("<tr><th class='fw-normal text-muted pe-3'>%s</th><td>%s</td></tr>")
                % (
                    fact["label"],
                    case._format_fact(fact.get("value"), fact.get("kind"), case.currency_id),
                )
                for fact in case._fact_list(case.facts)
            )
            case.facts_html = (
                Markup("<table class='table table-sm mb-0 o_exception_facts'>%s</table>") % rows
                if rows
                else False
            )

    def _fact_list(self, facts):
        """Return facts as a list of dicts with key, label, value and kind, in reading order.

        Labels come from the detector, in the reader's language; a fact it does not know (any
        more) keeps the label it was stored with.
        """
        # sudo: the labels of a detector are no secret to who may read its cases
        known = {fact.key: fact for fact in self.detector_id.sudo().fact_ids} if self else {}
        if isinstance(facts, dict):
            order = {key: place for place, key in enumerate(known)}
            keys = sorted(facts, key=lambda key: order.get(key, len(order)))
            facts = [{"key": key, "value": facts[key]} for key in keys]
        rows = []
        for fact in facts or []:
            key = fact.get("key") or fact.get("label") or ""
            row = {"key": key, "value": fact.get("value"), "kind": fact.get("kind")}
            row["label"] = fact.get("label") or key.replace("_", " ").capitalize()
            if key in known:
                row["label"] = known[key].name
                row["kind"] = row["kind"] or known[key].kind
            rows.append(row)
        return rows

    @api.model
    def _format_fact(self, value, kind, currency):
        """Return a fact's value as the reader writes it: language, time zone, currency."""
        if value is None or value is False and kind not in (None, "text"):
            return "–"
        formatter = getattr(self, f"_format_fact_{kind}", None) if kind else None
        if formatter:
            try:
                return formatter(value, currency)
            except (TypeError, ValueError):
                # a query gave something else than it declared: show what it gave
                return str(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list | tuple):
            return ", ".join(str(item) for item in value)
        return self._format_fact_number(value, currency) if _is_number(value) else str(value)

    def _format_fact_number(self, value, currency):
        number = float(value)
        return formatLang(self.env, number, digits=0 if number.is_integer() else 2)

    def _format_fact_amount(self, value, currency):
        return format_amount(self.env, float(value), currency or self.env.company.currency_id)

    def _format_fact_percent(self, value, currency):
        return _("%s %%", formatLang(self.env, float(value), digits=1))

    def _format_fact_duration_days(self, value, currency):
        return _("%s days", formatLang(self.env, float(value), digits=1))

    def _format_fact_duration_hours(self, value, currency):
        hours, minutes = divmod(round(float(value) * 60), 60)
        return _("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes)

    def _format_fact_date(self, value, currency):
        return format_date(self.env, _to_datetime(value).date())

    def _format_fact_datetime(self, value, currency):
        return self._local(_to_datetime(value), "medium")

    def _local(self, instant, dt_format):
        """Return an instant as the reader writes it, on the reader's clock."""
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return format_datetime(self.env, instant, tz=zone, dt_format=dt_format)

    # ------------------------------------------------------------------
    # deadlines
    # ------------------------------------------------------------------

    @api.depends(
        "is_open", "response_due", "date_due", "first_response_at", "detected_at", "paused_left"
    )
    def _compute_due(self):
        now = fields.Datetime.now()
        for case in self:
            answered = case.first_response_at or not (case.response_due or case.paused_left)
            case.due_kind = "resolution" if answered else "response"
            case.due_at = case.date_due if answered else case.response_due
            case.due_state = case._due_state(case.due_at, now)

    def _due_state(self, due, now):
        """Amber when less than a fifth of the time is left."""
        if not self.is_open:
            return "done"
        if not due:
            return "paused" if self.paused_left else "none"
        if due <= now:
            return "breached"
        total = due - (self.detected_at or now)
        return "soon" if due - now < total / 5 and total > timedelta() else "ok"

    # ------------------------------------------------------------------
    # record
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_id")
    def _compute_record_exists(self):
        ids_by_model = {}
        for case in self:
            if case.res_id and case.res_model in self.env:
                ids_by_model.setdefault(case.res_model, set()).add(case.res_id)
        # sudo: that a record is gone is no secret; nothing of it is read
        alive = {
            (model, res_id)
            for model, ids in ids_by_model.items()
            for res_id in self.env[model].sudo().browse(ids).exists().ids
        }
        for case in self:
            case.record_exists = (case.res_model, case.res_id) in alive

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_res_model_name(self):
        for case in self:
            # sudo: names of models are no secret
            model = self.env["ir.model"].sudo()._get(case.res_model) if case.res_model else None
            case.res_model_name = model.name if model else False

    def action_open_record(self):
        """Open the record in exception, or say that it is gone or not for the user."""
        self.ensure_one()
        self.check_access_rule("read")
        if not self.res_id:
            return self._notification(_("No record"), _("This case is not about a record."))
        if not self.record_exists:
            return self._notification(
                _("The record no longer exists"),
                _("%s was deleted. The case keeps what was known about it.", self.res_name or ""),
            )
        record = self.env[self.res_model].browse(self.res_id)
        try:
            record.check_access_rights("read")
            record.check_access_rule("read")
        except AccessError:
            return self._notification(
                _("No access"), _("You have no access to %s.", self.res_name or "")
            )
        return record.get_formview_action()

    def _open_form(self):
        """Return the action that opens this case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }

    def _open_list(self, name):
        """Return the action that opens these cases as a list."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "domain": [("id", "in", self.ids)],
            "views": [(False, "tree"), (False, "form")],
            "name": name,
        }

    def action_open_bundle(self):
        """Open all open cases on this case's record."""
        self.ensure_one()
        domain = [("id", "=", self.id)]
        if self.res_id:
            domain = [("res_model", "=", self.res_model), ("res_id", "=", self.res_id)]
        bundle = self.search([*domain, ("is_open", "=", True)]) | self
        return bundle._open_list(_("Cases on %s", self.res_name or self.name))

    def _others_on_records(self):
        """Return the other open cases on the records of these that the user sees."""
        keyed = self.filtered("res_id")
        found = self.search(
            [
                ("res_model", "in", list(set(keyed.mapped("res_model")))),
                ("res_id", "in", keyed.mapped("res_id")),
                ("is_open", "=", True),
                ("id", "not in", self.ids),
            ]
        )
        keys = keyed._bundle_keys()
        return found.filtered(lambda case: (case.res_model, case.res_id) in keys)

    def _others_of_partner(self):
        """Return the other open cases of the partners of these that the user sees."""
        others = [("is_open", "=", True), ("id", "not in", self.ids)]
        return self.search([("partner_id", "in", self.partner_id.ids), *others])

    def _banner(self, more):
        """Return one sentence for the record's form: what, how much, until when, how many more."""
        self.ensure_one()
        parts = [self.title]
        if self.amount:
            money = format_amount(self.env, self.amount, self.currency_id)
            parts.append(_("%s at stake", money))
        if self.due_at:
            parts.append(self._due_sentence(self._local(self.due_at, "short")))
        if more:
            parts.append(_("%s more", more))
        return " · ".join(parts)

    def _due_sentence(self, due):
        """Say which promise ends, or ended, at ``due``."""
        breached = self.due_state == "breached"
        if self.due_kind == "response":
            return _("response overdue since %s", due) if breached else _("response due %s", due)
        return _("overdue since %s", due) if breached else _("due %s", due)

    @api.model
    def _notification(self, title, message, kind="info"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": message,
                "type": kind,
                "sticky": False,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _to_datetime(value):
    """Read a naive UTC instant as PostgreSQL's jsonb or the ORM writes it."""
    return datetime.fromisoformat(str(value)[:19].replace(" ", "T"))
