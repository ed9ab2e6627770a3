from odoo import fields, models
from odoo.tools import SQL


def _switch_off(detectors):
    """Leave detectors harmless when the addon goes: no condition, and switched off."""
    detectors.write(
        {"source": "domain", "domain": "[('id', '=', 0)]", "state": "disabled", "active": False}
    )


class ExceptionDetectorEvent(models.Model):
    """Detectors whose cases are opened and cleared by what outside systems report.

    What was reported stands until something else is reported: the select of such a detector
    returns its known cases. So a sweep, a save or a guard neither opens nor clears any.
    """

    _inherit = "exception.detector"

    source = fields.Selection(
        selection_add=[("event", "Event from outside")], ondelete={"event": _switch_off}
    )
    reaction_ids = fields.One2many(
        "exception.event.reaction", "detector_id", "Events that open or clear it", readonly=True
    )

    def _compile(self, now, params, step=None):
        return self._reported() if self.source == "event" else super()._compile(now, params, step)

    def _columns(self):
        if self.source == "event":
            return tuple(self._contract_columns())
        return super()._columns()

    def _definition(self):
        definition = super()._definition()
        if definition.source == "event":
            return definition._replace(columns=("res_id", "company_id", "fingerprint"))
        return definition

    def _compile_keys(self, definition, now, params, step):
        if definition.source != "event":
            return super()._compile_keys(definition, now, params, step)
        return SQL(
            """SELECT c.res_id, c.company_id, c.fingerprint FROM exception_case c
                WHERE c.detector_id = %s AND c.condition_active""",
            self.id,
        )

    def _compile_gate(self, definition, now, params, step):
        if definition.source == "event":
            # who knows a case is asked without a gate
            return SQL("FALSE")
        return super()._compile_gate(definition, now, params, step)

    def _reported(self):
        """Select what was reported and stands."""
        dimensions = SQL("").join(
            SQL(", %s", SQL.identifier("c", name))
            for name in self.env["exception.case"]._dimension_fields()
        )
        return SQL(
            """SELECT c.res_id, c.company_id, c.fingerprint, c.partner_id,
                      CAST(c.amount AS numeric) AS amount, c.currency_id, c.occurred_at,
                      (SELECT jsonb_object_agg(fact ->> 'key', fact -> 'value')
                         FROM jsonb_array_elements(c.facts) AS fact) AS facts %s
                 FROM exception_case c
                WHERE c.detector_id = %s AND c.condition_active""",
            dimensions,
            self.id,
        )

    def _case_vals(self, hit, dimensions):
        """Return the values of the case of a hit; an event may be about any kind of record."""
        values = super()._case_vals(hit, dimensions)
        if hit.get("res_model"):
            values["res_model"] = hit["res_model"]
        if hit.get("severity"):
            values["severity"] = hit["severity"]
        return values
