from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.exception_core.models.exception_detector_screens import USUAL_FIELDS

from ..tools import expected

UNITS = [("hours", "hours"), ("days", "days")]


class ExceptionEventExpectation(models.Model):
    """For each of these records an event has to come within some time; a case opens when none does.

    An expectation *is* a detector (``exception.detector``, source “Event that never came”): its
    condition says for which records, its date from when the time runs, and its cases open, close
    by themselves when the event comes late, re-open and are back-tested like all others. This
    model only adds what is expected; ``exception_event_expectation_pull`` asks the sender first.
    """

    _name = "exception.event.expectation"
    _description = "Expected Event"
    _inherit = ["exception.machine.written", "exception.versioned.part"]
    _inherits = {"exception.detector": "detector_id"}
    _order = "sequence, id"
    _versioned_parent = "detector_id"

    detector_id = fields.Many2one(
        "exception.detector", required=True, readonly=True, ondelete="cascade", index=True
    )
    contract_ids = fields.Many2many(
        "exception.event.contract",
        "exception_event_expectation_contract_rel",
        string="Understood by",
        required=True,
        domain="[('state', '!=', 'retired')]",
        help="Events that one of these contracts, in whatever version, has understood.",
    )
    kinds = fields.Char(
        "Only the kinds",
        help="What the sender calls them, separated by commas. Empty: whatever the contracts "
        "understand. Example: tracker.updated",
    )
    delay = fields.Integer("Within", default=48, required=True, help="Counts from its date.")
    delay_unit = fields.Selection(UNITS, "Unit", default="hours", required=True)
    path = fields.Char(
        "Event is about",
        help="Fields from the record to what the event is about, where that is another record. "
        "Example: picking_ids for a carrier's event about the transfer of an order.",
    )
    after_start = fields.Boolean(
        "Only what comes after that date",
        help="For what is expected again and again: an event from before does not count.",
    )
    since = fields.Datetime(
        "Not before",
        required=True,
        default=fields.Datetime.now,
        help="Records from before this moment are left alone: their events went elsewhere.",
    )
    look_back_days = fields.Integer(
        "Looks back (days)",
        default=60,
        required=True,
        help="Older records open no case any more. Keep it shorter than the time for which "
        "endpoints keep their events, else what came is forgotten and missed.",
    )

    _sql_constraints = [
        ("detector_uniq", "unique(detector_id)", "A detector has one expectation."),
        ("delay_positive", "check(delay > 0)", "Give the event some time to come."),
        ("look_back_positive", "check(look_back_days > 0)", "Look back one day at least."),
    ]

    # ------------------------------------------------------------------
    # definition
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """Return the defaults; what a detector has by itself suits a detector without events."""
        values = super().default_get(fields_list)
        kind = self.env.ref("exception_gateway.type_event_missing", raise_if_not_found=False)
        own = {"source": "expected", "type_id": kind and kind.id, "cadence": "hourly"}
        return {**values, **{name: own[name] for name in own if name in fields_list and own[name]}}

    @api.model_create_multi
    def create(self, vals_list):
        """Create expectations, each with its detector, as drafts: enabling one checks it first."""
        expectations = super().create([{**vals, "source": "expected"} for vals in vals_list])
        self.env.registry.clear_cache()
        return expectations

    def write(self, vals):
        """Write expectations; what is cached of their detectors is read anew."""
        if vals.get("source", "expected") != "expected":
            raise UserError(_("An expected event stays one. Archive it, and make a detector."))
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete expectations that never opened a case, with their detectors."""
        detectors = self.detector_id
        result = super().unlink()
        detectors.unlink()
        return result

    def copy(self, default=None):
        """Copy an expectation under a name that tells it from the original."""
        self.ensure_one()
        return super().copy({"name": _("%s (copy)", self.name), **(default or {})})

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """Propose the usual fields of the chosen kind of record."""
        known = self.env[self.model_id.model]._fields if self.model_id else {}
        for name, usual in USUAL_FIELDS.items():
            if (self[name] or "").split(".")[0] not in known:
                self[name] = next((path for path in usual if path in known), False)

    @api.constrains("contract_ids", "kinds", "delay", "path", "look_back_days", "detector_id")
    def _check_expectation(self):
        for expectation in self:
            if not expectation.contract_ids:
                raise ValidationError(_("Say by which contract the expected event is understood."))
            expectation._event_model()
            expectation._check_kept()
            expectation.detector_id._check_definition()

    def _check_kept(self):
        """Refuse to look back further than events are kept: what came would be missed again."""
        # sudo: for how long endpoints keep their events
        for endpoint in self.sudo().contract_ids.endpoint_ids:
            if 0 < endpoint.keep_days < self.look_back_days:
                raise ValidationError(
                    _(
                        "“%(endpoint)s” keeps its events for %(kept)s days, so nobody can look "
                        "back %(days)s days for what came. Look back less, or keep them longer.",
                        endpoint=endpoint.name,
                        kept=endpoint.keep_days,
                        days=self.look_back_days,
                    )
                )

    def _version_name(self):
        return _("What is expected")

    def _version_key(self):
        return "expectation"

    def _wait(self):
        return timedelta(**{self.delay_unit: self.delay})

    def _event_model(self):
        """Return the name of the model that the event is about.

        :raise ValidationError: when the path does not lead to records
        """
        model = self.detector_id.model_id.model
        for field in self._steps():
            if not field.relational:
                raise ValidationError(_("“%s” does not lead to records.", self.path))
            model = field.comodel_name
        return model

    def _steps(self):
        if not self.path:
            return []
        model = self.detector_id.model_id.model
        return self.detector_id._walk_path(model, self.path, single=False)

    def _contract_versions(self):
        """Select the ids of all versions of the contracts."""
        field = self._fields["contract_ids"]
        return SQL(
            """
            SELECT version.id FROM exception_event_contract version
              JOIN exception_event_contract chosen ON chosen.code = version.code
              JOIN %(relation)s AS rel ON rel.%(contract)s = chosen.id
             WHERE rel.%(mine)s = %(id)s
            """,
            relation=SQL.identifier(field.relation),
            contract=SQL.identifier(field.column2),
            mine=SQL.identifier(field.column1),
            id=self.id,
        )

    # ------------------------------------------------------------------
    # what never came
    # ------------------------------------------------------------------

    def _unanswered(self, source, now, judged_at=None):
        """Restrict hits to those whose event has not come in time.

        A record with a known case stays a hit until its event comes, however long ago that is.

        :param SQL source: select of the hit contract, whose ``occurred_at`` begins the wait
        :param datetime now: naive UTC instant that “now” means
        :param judged_at: until when events are known to be complete; None: as the puller says
        """
        self.ensure_one()
        judged_at = judged_at or self._judged_at(now)
        came = expected.came(
            self.env[self.detector_id.model_id.model],
            self._steps(),
            self._event_model(),
            self._contract_versions(),
            [kind.strip() for kind in (self.kinds or "").split(",") if kind.strip()],
            self.after_start,
        )
        return SQL(
            """
            SELECT hit.*, hit.occurred_at + %(wait)s AS expected_by
              FROM (%(source)s) AS hit
             WHERE hit.occurred_at BETWEEN %(since)s AND %(now)s - %(wait)s
               AND (hit.occurred_at BETWEEN %(horizon)s AND %(judged)s - %(wait)s
                    OR EXISTS (SELECT FROM exception_case known
                                WHERE known.detector_id = %(detector)s
                                  AND known.res_id = hit.res_id AND known.condition_active))
               AND NOT EXISTS (%(came)s)
            """,
            source=source,
            wait=self._wait(),
            since=self.since,
            now=now,
            judged=judged_at,
            horizon=now - timedelta(days=self.look_back_days),
            detector=self.detector_id.id,
            came=came,
        )

    def _judged_at(self, now):
        """Return until when it is known what came: now, unless the sender is asked first."""
        return now

    # ------------------------------------------------------------------
    # buttons: those of the detector
    # ------------------------------------------------------------------

    def action_enable(self):
        """Switch on."""
        return self.detector_id.action_enable()

    def action_disable(self):
        """Switch off; open cases stay."""
        return self.detector_id.action_disable()

    def action_run_now(self):
        """Look now what never came."""
        return self.detector_id.action_run_now()

    def action_open_backtest(self):
        """Open the lab: which cases it would open now."""
        return self.detector_id.action_open_backtest()

    def action_open_cases(self):
        """Open its cases; context ``case_filter`` names a search filter."""
        return self.detector_id.action_open_cases()

    def action_open_runs(self):
        """Open the run history."""
        return self.detector_id.action_open_runs()

    def action_open_versions(self):
        """Open the versions, the newest first."""
        return self.detector_id.action_open_versions()
