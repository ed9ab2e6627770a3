from datetime import timedelta

from odoo import _, api, fields, models
from odoo.tools import SQL

# How many related cases the form lists, and how many of each kind are looked at.
SHOWN = 20
# Too common to tell that two cases have to do with each other.
COMMON = {"country_id", "channel_id"}
# What two cases may share, and how much it says.
WEIGHTS = {"res_id": 8, "root_cause_id": 4, "partner_id": 4}
OTHER_WEIGHT = 2


class ExceptionCaseRelated(models.Model):
    """Cases that may have to do with this one, and why: same record, partner, product, cause."""

    _inherit = "exception.case"

    related_case_ids = fields.Many2many(
        "exception.case",
        string="Related cases",
        compute="_compute_related_case_ids",
        help="Cases on the same record, and those found about the same time that share the "
        "partner, the cause or what they are about. Those that share most come first.",
    )
    related_why = fields.Char(
        "Why related",
        compute="_compute_related_why",
        help="What it shares with the case that you look at.",
    )

    @api.model
    def _related_fields(self):
        """Names of the fields whose equality relates two cases; bridges add dimensions."""
        dimensions = [name for name in self._dimension_fields() if name not in COMMON]
        return ["partner_id", "root_cause_id", *dimensions]

    @api.depends("res_model", "res_id", "partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_related_case_ids(self):
        # one statement a case: only the form shows this, and each part of it has an index
        for case in self:
            case.related_case_ids = case._related()

    def _related(self):
        """Return the cases related to this one that the user may see, the closest first."""
        near = self._near()
        found = self.browse(set().union(*near.values()))
        names = list(near)
        return found.sorted(lambda case: self._closeness(case, names), reverse=True)[:SHOWN]

    def _near(self):
        """Return {field: ids of the cases that share it}, in one statement.

        A dimension that more cases share than the form can list says nothing, and is left out:
        in a shop with one warehouse every case is about the same one.
        """
        self.ensure_one()
        queries = {
            name: self._search(domain, order="id desc", limit=SHOWN + 1)
            for name, domain in self._near_domains().items()
        }
        selects = [
            SQL("(SELECT %s, array_agg(id) FROM (%s) AS near)", name, query.select())
            for name, query in queries.items()
            if not query.is_empty()
        ]
        if not selects:
            return {}
        self.env.cr.execute(SQL(" UNION ALL ").join(selects))
        near = {name: ids or [] for name, ids in self.env.cr.fetchall()}
        return {
            name: ids[:SHOWN] for name, ids in near.items() if name in WEIGHTS or len(ids) <= SHOWN
        }

    def _near_domains(self):
        """Return {field: domain of the cases that share it with this one}."""
        domains = {}
        if self.res_id:
            domains["res_id"] = [("res_model", "=", self.res_model), ("res_id", "=", self.res_id)]
        found = self.detected_at or fields.Datetime.now()
        window = timedelta(days=self._related_days())
        about = [("detected_at", ">=", found - window), ("detected_at", "<=", found + window)]
        for name in self._related_fields():
            if self[name]:
                domains[name] = [(name, "=", self[name].id), *about]
        return {name: [*domain, ("id", "!=", self._origin.id)] for name, domain in domains.items()}

    @api.model
    def _related_days(self):
        return self.env["ir.config_parameter"]._exception_number("exception_core.related_days", 30)

    def _shared_with(self, other, names):
        """Return those of the names in which this case agrees with another one."""
        return [
            name
            for name in names
            if self[name]
            and self[name] == other[name]
            and (name != "res_id" or self.res_model == other.res_model)
        ]

    def _closeness(self, other, names):
        shared = self._shared_with(other, names)
        weight = sum(WEIGHTS.get(name, OTHER_WEIGHT) for name in shared)
        return weight + (self.type_id == other.type_id), other.is_open, other.id

    def web_read(self, specification):
        """Read cases for a screen; the related ones are told to which case they are related.

        The form cannot say it in the field's context: it does not know its id when it asks.
        """
        wanted = specification.get("related_case_ids")
        if wanted and len(self) == 1:
            wanted = {**wanted, "context": {**wanted.get("context", {}), "related_to": self.id}}
            specification = {**specification, "related_case_ids": wanted}
        return super().web_read(specification)

    @api.depends_context("related_to", "lang")
    def _compute_related_why(self):
        case = self.browse(self.env.context.get("related_to") or ()).exists()
        readable = case._filter_access_rules("read") if case else case
        names = list(readable._near()) if readable else []
        for other in self:
            other.related_why = readable._why_related(other, names) if names else False

    def _why_related(self, other, names):
        """Say what two cases share: same record, same partner, same product …"""
        said = {"res_id": _("same record"), "root_cause_id": _("same root cause")}
        parts = [
            said.get(name) or _("same %s", self._fields[name]._description_string(self.env).lower())
            for name in self._shared_with(other, names)
        ]
        if self.type_id == other.type_id:
            parts.append(_("same type"))
        return ", ".join(parts)

    def action_open_related(self):
        """Open the related cases as a list of their own."""
        self.ensure_one()
        self.check_access_rule("read")
        return self._related()._open_list(_("Related to %s", self.name))
