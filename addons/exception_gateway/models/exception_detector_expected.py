from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


def _switch_off(detectors):
    """Leave detectors harmless when the addon goes: no condition, and switched off."""
    detectors.write(
        {"source": "domain", "domain": "[('id', '=', 0)]", "state": "disabled", "active": False}
    )


class ExceptionDetectorExpected(models.Model):
    """Detectors that find records whose event never came (``exception.event.expectation``)."""

    _inherit = "exception.detector"

    source = fields.Selection(
        selection_add=[("expected", "Event that never came")], ondelete={"expected": _switch_off}
    )
    expectation_ids = fields.One2many(
        "exception.event.expectation", "detector_id", "What is expected", readonly=True
    )

    @api.constrains("source", "cadence", "date_field")
    def _check_expected(self):
        for detector in self.filtered(lambda one: one.source == "expected"):
            if detector.cadence == "realtime":
                raise ValidationError(
                    _("What never comes happens at no moment: let it be looked for on a schedule.")
                )
            if not detector.date_field:
                raise ValidationError(
                    _("Say from which date the time runs in which the event has to come.")
                )

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "expectation_ids"]

    def action_enable(self):
        """Switch the detectors on, after their condition was compiled and tried."""
        bare = self.filtered(lambda one: one.source == "expected" and not one.expectation_ids)
        if bare:
            raise ValidationError(
                _(
                    "“%s” does not say which event it misses. Set it up under Integration → "
                    "Expected events.",
                    bare[0].name,
                )
            )
        return super().action_enable()

    def _check_plan(self):
        if self.source == "expected":
            self._check_domain_definition()
        return super()._check_plan()

    # ------------------------------------------------------------------
    # the select
    # ------------------------------------------------------------------

    def _compile(self, now, params, step=None):
        if self.source != "expected":
            return super()._compile(now, params, step)
        source = self._compile_domain(now, params, step)
        expectation = self.expectation_ids
        if not expectation:
            # while it is being made
            return SQL("SELECT hit.* FROM (%s) AS hit WHERE FALSE", source)
        columns = (
            SQL(
                "COALESCE(hit.facts, '{}') || jsonb_build_object('expected_by', hit.expected_by)"
                " AS facts"
            )
            if name == "facts"
            else SQL.identifier("hit", name)
            for name in self._columns()
        )
        missing = expectation._unanswered(source, now)
        return SQL("SELECT %s FROM (%s) AS hit", SQL(", ").join(columns), missing)

    def _compile_keys(self, definition, now, params, step):
        if definition.source == "expected":
            return self._compile(now, params, step)
        return super()._compile_keys(definition, now, params, step)

    def _compile_gate(self, definition, now, params, step):
        if definition.source == "expected":
            return None
        return super()._compile_gate(definition, now, params, step)

    def _fact_reader(self):
        read = super()._fact_reader()
        if self.source != "expected":
            return read

        def rows(facts):
            label = {"label": _("Event expected by"), "kind": "datetime"}
            return [{**row, **label} if row["key"] == "expected_by" else row for row in read(facts)]

        return rows
