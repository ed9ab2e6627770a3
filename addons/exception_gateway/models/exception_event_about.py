from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# So many records whose name begins with what is looked for are followed.
RECORDS = 200


class ExceptionEventAbout(models.Model):
    """“What did we receive about order S00042?”: one search over all that events are about.

    Looks for what is typed as the beginning of: the reference that the sender gave, the name of
    the record or of the customer that an event belongs to, the number of a case that it has
    touched, and the sender's own id of the message. Each is read from an index.
    """

    _inherit = "exception.event"

    about = fields.Char(compute="_compute_about", search="_search_about", compute_sudo=False)

    def init(self):
        """Indexes for the beginnings of references, and for partners."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE INDEX IF NOT EXISTS exception_event_reference_begins
                    ON exception_event (lower(reference) text_pattern_ops)
                 WHERE reference IS NOT NULL;
                CREATE INDEX IF NOT EXISTS exception_event_partner
                    ON exception_event (partner_id) WHERE partner_id IS NOT NULL;
                """
            )
        )
        return result

    @api.depends("res_model", "res_id", "reference")
    def _compute_about(self):
        """Say what an event is about: its record as far as the reader may see it."""
        names = {}
        for model, events in self.filtered("res_id").grouped("res_model").items():
            if model in self.env:
                names.update(self._names_of(model, set(events.mapped("res_id"))))
        for event in self:
            name = names.get((event.res_model, event.res_id))
            event.about = name or event.reference or False

    @api.model
    def _names_of(self, model, ids):
        """Return {(model, id): name} of the records that exist and that the reader may see."""
        try:
            found = self.env[model].search([("id", "in", list(ids))])
            return {(model, record.id): record.display_name for record in found}
        except AccessError:
            return {}

    @api.model
    def _search_about(self, operator, value):
        if operator not in ("ilike", "like", "=", "=ilike", "=like") or not isinstance(value, str):
            raise ValueError(_("“About” is searched by its beginning. Example: S00042"))
        value = value.strip()
        if not value:
            return []
        selects = SQL(" UNION ").join(self._about_selects(value))
        return [("id", "inselect", (selects.code, selects.params))]

    @api.model
    def _about_selects(self, value):
        """Return the selects of event ids, one for each meaning that a text may have."""
        begins = value.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        # sudo: which ways in there are; rules decide which events are seen
        endpoints = self.env["exception.event.endpoint"].sudo().with_context(active_test=False)
        selects = [
            SQL(
                "SELECT id FROM exception_event"
                " WHERE reference IS NOT NULL AND lower(reference) LIKE %s",
                begins,
            ),
            SQL(
                "SELECT id FROM exception_event WHERE endpoint_id = ANY(%s) AND dedup_key = %s",
                endpoints.search([]).ids,
                value,
            ),
        ]
        cases = self.env["exception.case"].search([("name", "=ilike", value)])
        if cases:
            selects.append(
                SQL(
                    "SELECT event_id FROM exception_case_event_rel WHERE case_id = ANY(%s)",
                    cases.ids,
                )
            )
        for model, ids in self._about_records(value):
            selects += self._about_record_selects(model, ids)
        return selects

    @api.model
    def _about_record_selects(self, model, ids):
        selects = [
            SQL(
                "SELECT id FROM exception_event WHERE res_model = %s AND res_id = ANY(%s)",
                model,
                ids,
            )
        ]
        if model == "res.partner":
            selects.append(
                SQL(
                    "SELECT id FROM exception_event"
                    " WHERE partner_id IS NOT NULL AND partner_id = ANY(%s)",
                    ids,
                )
            )
        return selects

    @api.model
    def _about_records(self, value):
        """Yield (model, ids) of records whose name begins so, as far as the reader may see them."""
        for model in {*self._about_models(), "res.partner"}:
            if model not in self.env or not self.env[model]._rec_name:
                continue
            name = self.env[model]._rec_name
            try:
                found = self.env[model].search([(name, "=ilike", f"{value}%")], limit=RECORDS)
            except (AccessError, ValueError):
                # not for this reader, or a name that the database does not know
                continue
            if found:
                yield model, found.ids

    @api.model
    def _about_models(self):
        """Return the kinds of records that events are about: a few steps along an index."""
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE kind AS (
                    (SELECT min(res_model) AS name FROM exception_event WHERE res_id IS NOT NULL)
                    UNION ALL
                    SELECT (SELECT min(res_model) FROM exception_event
                             WHERE res_id IS NOT NULL AND res_model > kind.name)
                      FROM kind WHERE kind.name IS NOT NULL
                )
                SELECT name FROM kind WHERE name IS NOT NULL
                """
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    # ------------------------------------------------------------------
    # where it leads
    # ------------------------------------------------------------------

    def action_open_record(self):
        """Open the record that the event is about, or say that it is gone."""
        self.ensure_one()
        self.check_access_rule("read")
        if not self.res_id or self.res_model not in self.env:
            raise UserError(_("No record was found for this event."))
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access_rights("read")
        if not record.exists():
            raise UserError(_("The record that this event is about was deleted."))
        record.check_access_rule("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_open_cases(self):
        """Open the cases that the event has touched."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all",
            [("id", "in", self.case_ids.ids)],
            name=_("Cases of %s", self.name or self.dedup_key),
        )

    def action_open_audit(self):
        """Open what the trails of its cases say about the event."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_audit_entry_action",
            [
                ("case_id", "in", self.case_ids.ids),
                ("event", "in", ("event.received", "event.late")),
                ("data", "like", f'"event_id":{self.id},'),
            ],
            name=_("Trail of %s", self.name or self.dedup_key),
        )
