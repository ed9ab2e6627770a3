from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# A condition is tried while it is typed: an answer that takes longer helps nobody.
PREVIEW_SECONDS = 10
# Where most Odoo models keep what a case wants to know.
USUAL_FIELDS = {
    "amount_field": ("amount_total", "amount_residual", "amount", "price_total"),
    "partner_field": ("partner_id", "commercial_partner_id"),
    "date_field": ("date_order", "scheduled_date", "invoice_date", "date"),
}


class ExceptionDetectorScreens(models.Model):
    """What the detector's form and its lab ask for beside the fields themselves."""

    _inherit = "exception.detector"

    time_zone = fields.Char(
        compute="_compute_time_zone",
        compute_sudo=True,
        help="Decides what “today” means in the condition.",
    )

    @api.depends("company_id", "owner_id")
    def _compute_time_zone(self):
        for detector in self:
            company = detector.company_id.partner_id.tz
            detector.time_zone = company or detector.owner_id.tz or "UTC"

    # ------------------------------------------------------------------
    # writing a detector
    # ------------------------------------------------------------------

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """Propose the usual fields of the chosen model, and drop what belonged to another one."""
        known = self.env[self.model_id.model]._fields if self.model_id else {}
        for name, usual in USUAL_FIELDS.items():
            if (self[name] or "").split(".")[0] not in known:
                self[name] = next((path for path in usual if path in known), False)
        if (self.currency_field or "").split(".")[0] not in known:
            self.currency_field = False
        if self.source == "domain" and not self._domain_fits(known):
            self.domain = "[]"

    def _domain_fits(self, known):
        """Tell whether a condition that was written for another model could be one of this."""
        params = {p.name: 0 for p in self.parameter_ids}
        try:
            domain = self._evaluate_domain(fields.Datetime.now(), params)
            return all(path.split(".")[0] in known for path in self._domain_leaves(domain))
        except UserError:
            # half-written text: the editor and the save say what is wrong with it
            return True

    @api.model
    def preview_condition(self, values):
        """Say how many records a condition matches while it is written, or why it cannot work.

        Counts what a sweep would see in the companies of the person; nothing is written.

        :param dict values: ``model``, ``domain``, ``company_id``, ``owner_id`` and
            ``parameters``, a list of dicts ``name``, ``label``, ``kind``, ``value``
        :return: ``{"count": number}`` or ``{"error": sentence}``
        """
        self.check_access_rights("write")
        try:
            draft = self._preview_draft(values)
            draft._check_domain_definition()
            with draft._read_only() as engine:
                source, _columns = engine._hit_source(fields.Datetime.now())
                engine.env.cr.execute(
                    SQL(
                        "SELECT count(*) FROM (%s) AS hit WHERE hit.company_id = ANY(%s)",
                        source,
                        self.env.user.company_ids.ids,
                    )
                )
                return {"count": engine.env.cr.fetchone()[0]}
        except UserError as error:
            return {"error": str(error)}

    def _preview_draft(self, values):
        """Return a record that exists in memory only, with the definition that is written."""
        keys = ("name", "label", "kind", "value")
        model = self.env["ir.model"]._get(values.get("model"))
        if not model:
            raise UserError(_("Choose which records are checked first."))
        return self.new(
            {
                "name": _("New condition"),
                "source": "domain",
                "model_id": model.id,
                "domain": values.get("domain"),
                "company_id": values.get("company_id") or self.env.company.id,
                "owner_id": values.get("owner_id") or self.env.uid,
                "timeout_seconds": PREVIEW_SECONDS,
                "parameter_ids": [
                    (0, 0, {key: line.get(key) for key in keys})
                    for line in values.get("parameters") or []
                ],
            }
        )

    # ------------------------------------------------------------------
    # the lab
    # ------------------------------------------------------------------

    def action_open_backtest(self):
        """Open the lab: what the detector would open now."""
        return self._open_lab("backtest")

    def action_open_tune(self):
        """Open the lab: the same for a range of values of one parameter."""
        return self._open_lab("tune")

    def _open_lab(self, tab):
        self.ensure_one()
        self.check_access_rights("write")
        return {
            "type": "ir.actions.client",
            "tag": "exception_detector_lab",
            "name": _("Try %s", self.name),
            "context": {"active_id": self.id, "lab_tab": tab},
        }

    def lab_definition(self):
        """Return what the lab shows before anything was tried: the parameters and their limits."""
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "description": self.description or "",
            "model": self.model_id.model,
            "model_name": self.model_id.name,
            "currency_id": self.env.company.currency_id.id,
            "parameters": [parameter._lab_line() for parameter in self.parameter_ids],
        }
