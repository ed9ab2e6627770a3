import time

import psycopg2.errors

from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.osv.expression import AND, FALSE_LEAF, OR, TRUE_LEAF
from odoo.tools import SQL

from ..tools.vocabulary import STEPS

# A batch of many records may take longer than a single save.
SECONDS_A_RECORD = 0.005
UNAVAILABLE = "check_unavailable:"


class ExceptionDetectorHold(models.Model):
    """Detectors that hold: asked before a step, so that it is not taken in exception."""

    _inherit = "exception.detector"

    holds = fields.Boolean(
        tracking=True,
        help="A record in exception cannot take its next step until the case has ended, the hold "
        "was lifted by somebody entitled, or an approval agreed.",
    )
    hold_step = fields.Selection(
        STEPS,
        "Step that waits",
        tracking=True,
        help="Example: Confirm for an order whose payment is not its total. The record is checked "
        "before the step, as if it had been taken.",
    )
    never_relaxed = fields.Boolean(
        tracking=True,
        help="Holds in peak mode, too: for money going out, fraud and tax.",
    )

    @api.constrains("holds", "hold_step")
    def _check_hold_step(self):
        for detector in self:
            if detector.holds and not detector.hold_step:
                raise ValidationError(
                    _("Say which step waits while “%s” holds a record.", detector.name)
                )

    def write(self, vals):
        """Write detectors; open cases follow what their detector holds."""
        result = super().write(vals)
        if {"holds", "hold_step"} & vals.keys():
            for detector in self:
                step = detector.hold_step if detector.holds else False
                # sudo: cases of all companies follow their detector
                cases = self.env["exception.case"].sudo()
                cases = cases.search([("detector_id", "=", detector.id), ("is_open", "=", True)])
                cases.filtered(lambda case, step=step: case.hold_step != step).write(
                    {"hold_step": step}
                )
        return result

    @api.model
    @tools.ormcache("step", "model")
    def _holding_ids(self, step, model):
        """Return the ids of the enabled detectors that hold records of a model from a step."""
        domain = [
            ("state", "=", "enabled"),
            ("holds", "=", True),
            ("hold_step", "=", step),
            ("model", "=", model),
        ]
        # sudo: what holds does not depend on who takes the step, nor on their context
        return tuple(self.sudo().with_context(active_test=True).search(domain).ids)

    # ------------------------------------------------------------------
    # before the step
    # ------------------------------------------------------------------

    @api.model
    def _check_step(self, step, model, ids, waiting_ids=(), along=()):
        """Open and clear the cases of detectors that hold a step, as if it had been taken.

        :param ids: the records that are about to take it
        :param waiting_ids: those of them that must wait when a check cannot run
        :param along: steps that are taken within it, asked in the same statement
        """
        holding = [one for asked in (step, *along) for one in self._holding_ids(asked, model)]
        # sudo as in every judgement: record rules must not hide hits
        detectors = self._as_engine().browse(holding)
        if not detectors or not ids:
            return
        started = time.monotonic() + SECONDS_A_RECORD * len(ids)
        try:
            failed = detectors._judge([(detectors, sorted(ids))], started, step)
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(
                _("Somebody else is checking the same record at this moment. Please try again.")
            ) from error
        for detector in failed:
            detector._open_unavailable(step, model, ids, set(waiting_ids))

    def _open_unavailable(self, step, model, ids, waiting_ids):
        """Open a case on each record whose check could not run.

        It belongs to the detector, so the detector's next run that succeeds ends it, and opens
        what it then finds.
        """
        kind = self.env.ref("exception_core.type_check_unavailable")
        records = self.env[model].browse(ids)
        company = records._fields.get("company_id")
        labels = dict(self._fields["hold_step"]._description_selection(self.env))
        self.env["exception.case"]._open_batch(
            [
                {
                    "detector_id": self.id,
                    "type_id": kind.id,
                    "team_id": kind.team_id.id,
                    "res_model": model,
                    "res_id": record.id,
                    "fingerprint": f"{UNAVAILABLE}{step}",
                    "company_id": (company and record.company_id or self.company_id).id,
                    "hold_step": step if record.id in waiting_ids else False,
                    "facts": [
                        {"key": "check", "label": _("Check"), "value": self.name, "kind": "text"},
                        {"key": "step", "label": _("Step"), "value": labels[step], "kind": "text"},
                    ],
                }
                for record in records
            ]
        )

    def _unavailable(self):
        """Return the detectors that still owe a check that could not run before a step."""
        # sudo: of every company
        cases = self.env["exception.case"].sudo()
        domain = [("is_open", "=", True), ("fingerprint", "=like", f"{UNAVAILABLE}%")]
        detectors = cases._read_group([*domain, ("detector_id", "!=", False)], ["detector_id"])
        return self.browse(detector.id for (detector,) in detectors)

    # ------------------------------------------------------------------
    # as if the step had been taken
    # ------------------------------------------------------------------

    def _only_known(self, keys, ids):
        """Restrict hits that were judged as if taken to the records with a case of this detector.

        :param ids: restrict to these records as well; None: all
        """
        among = SQL("AND c.res_id = ANY(%s)", list(ids)) if ids is not None else SQL()
        return SQL(
            """%s WHERE hit.res_id = ANY(ARRAY(
                   SELECT c.res_id FROM exception_case c
                    WHERE c.detector_id = %s AND c.condition_active %s))""",
            keys,
            self.id,
            among,
        )

    @api.model
    def _as_if_taken(self, model, domain, step):
        """Return a condition that judges records as if they had taken a step.

        What it says about the state holds for records before the step if it holds for the state
        after it: “State = Sales Order” finds quotations that are about to become one.
        """
        steps = model._exception_steps() if step and hasattr(model, "_exception_steps") else {}
        guard = steps.get(step)
        if guard and not guard.field:
            # taken along with another one: judged as if that were taken
            guard = next((one for one in steps.values() if step in one.along), guard)
        if not guard or not guard.field:
            return domain
        taken = [_after(leaf, guard) for leaf in domain]
        if taken == domain:
            return domain
        return OR([domain, AND([[(guard.field, "in", list(guard.before))], taken])])


def _after(leaf, guard):
    """Return what a leaf about the step's field says once the step was taken."""
    if not isinstance(leaf, tuple | list) or leaf[0] != guard.field:
        return leaf
    _name, operator, value = leaf
    if operator not in ("=", "!=", "in", "not in"):
        return leaf
    values = value if isinstance(value, list | tuple | set) else [value]
    found = guard.after[0] in values
    return TRUE_LEAF if found == (operator in ("=", "in")) else FALSE_LEAF
