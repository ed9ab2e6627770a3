from collections import defaultdict

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.vocabulary import STEPS


class ExceptionCaseHold(models.Model):
    """Cases that keep their record from its next step."""

    _inherit = "exception.case"

    hold_step = fields.Selection(
        STEPS,
        "Holds",
        readonly=True,
        copy=False,
        help="The step that the record cannot take while this case is open. Empty: none.",
    )
    is_holding = fields.Boolean(
        "Holds its record",
        compute="_compute_is_holding",
        help="The case is open, holds a step, and nobody has lifted the hold.",
    )
    lift_ids = fields.One2many("exception.hold.lift", "case_id", "Lifted", readonly=True)
    hold_refused_at = fields.Datetime("Last refused", readonly=True, copy=False)
    hold_refused_by = fields.Many2one(
        "res.users", "Refused to", readonly=True, copy=False, ondelete="set null"
    )
    hold_refused_count = fields.Integer("Times refused", readonly=True, copy=False)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "hold_step",
            "lift_ids",
            "hold_refused_at",
            "hold_refused_by",
            "hold_refused_count",
        }

    @api.depends("hold_step", "is_open", "lift_ids.ended_at", "lift_ids.expires_at")
    def _compute_is_holding(self):
        # sudo: whether a case holds is no secret to who may read it
        holding = self.sudo()._not_lifted(fields.Datetime.now())
        for case in self:
            case.is_holding = case.is_open and case.hold_step and case in holding

    @api.model
    def _holding(self, sources, step):
        """Return the open cases that hold one of these records from a step.

        :param sources: pairs (model, id)
        """
        rows = self._open_holds(sources)
        cases = self.browse(id_ for id_, held, _model, _res_id in rows if held == step)
        if cases:
            cases.fetch(["res_model", "res_id", "detector_id"])
        return cases

    @api.model
    def _open_holds(self, sources):
        """Return the open cases that hold one of these records from any step.

        :param sources: pairs (model, id)
        :return: rows of case, step, model and id of the record, those that rank first first
        """
        by_model = {}
        for model, res_id in sources:
            by_model.setdefault(model, []).append(res_id)
        if not by_model:
            return []
        # by hand, and the order as in _order: every guarded step asks this, most find nothing
        self.flush_model(["is_open", "hold_step", "res_model", "res_id"])
        records = [
            SQL("(res_model = %s AND res_id = ANY(%s))", model, ids)
            for model, ids in by_model.items()
        ]
        self.env.cr.execute(
            SQL(
                """SELECT id, hold_step, res_model, res_id FROM exception_case
                    WHERE is_open AND hold_step IS NOT NULL AND (%s)
                    ORDER BY score DESC, date_due, id""",
                SQL(" OR ").join(records),
            )
        )
        return self.env.cr.fetchall()

    def _not_lifted(self, now):
        """Return those of the cases whose hold is not lifted at this moment."""
        lifts = self.env["exception.hold.lift"]._in_force(self, now)
        return self - lifts.case_id

    # ------------------------------------------------------------------
    # verbs
    # ------------------------------------------------------------------

    def lift_hold(self, reason_id, note=None, expires_at=None):
        """Let the records of these cases take their step although the cases are open.

        Covers the holds that are open now and the documents as they are now: a later hold, or a
        material change of the document, is not covered.

        :param reason_id: reason of the kind "override"
        :param expires_at: until when (UTC); empty: until the case ends
        """
        reason = self._reason(reason_id, "override")
        expires_at = fields.Datetime.to_datetime(expires_at) if expires_at else None
        if not reason:
            raise UserError(_("Say why the hold is lifted: choose a reason."))
        if expires_at and expires_at <= fields.Datetime.now():
            raise UserError(_("A hold is lifted until a moment in the future."))
        return self._run_verb(
            lambda case: case._refuse_lift() or case._refuse_reason(reason),
            lambda cases: cases._lift(reason, note, expires_at),
        )

    def _refuse_lift(self):
        """Say why the user may not lift the hold; None if they may."""
        if not self.env.user.has_group("exception_core.group_hold"):
            return _(
                "Holds are lifted by people with the right “Lift holds”. Ask one of them, or "
                "request an approval for %s.",
                self.name,
            )
        if not self.is_open or not self.hold_step:
            return _("%s does not hold anything.", self.name)
        if not self.is_holding:
            return _("The hold of %s is lifted already.", self.name)
        return None

    def _lift(self, reason, note=None, expires_at=None, approval=None):
        """Lift the holds of these cases as the current user; see ``lift_hold``.

        :return: the lifts
        """
        return self.env["exception.hold.lift"]._lift(self, reason, note, expires_at, approval)

    def put_on_hold(self, step, reason_id, note=None):
        """Keep the records of these cases from a step until the cases end or are lifted.

        :param reason_id: reason of the kind "hold"
        """
        reason = self._reason(reason_id, "hold")
        labels = dict(self._fields["hold_step"]._description_selection(self.env))
        if not reason:
            raise UserError(_("Say why the record is held: choose a reason."))

        def refuse(case):
            if step not in case._steps_of_record():
                return _("%s has no such step.", case.res_name or case.name)
            if case.is_holding:
                return _("%(case)s holds already: %(step)s.", case=case.name, step=labels[step])
            return case._refuse_ended() or case._refuse_reason(reason)

        def apply(cases):
            cases.lift_ids._end("replaced")
            cases.write({"hold_step": step})
            cases._audit("hold.set", after={"step": step}, reason=reason.name, note=note or None)
            cases._note(
                _(
                    "Put on hold by %(user)s: %(step)s waits. %(reason)s. %(note)s",
                    user=self.env.user.name,
                    step=labels[step],
                    reason=reason.name,
                    note=note or "",
                )
            )

        return self._run_verb(refuse, apply)

    def _held_record(self):
        """Return the case's record, empty when it has none (any more)."""
        self.ensure_one()
        return self._held_records()[self]

    def _held_records(self):
        """Return ``{case: its record}``, empty where it has none (any more); one query a model."""
        models, ids = {}, defaultdict(list)
        for case in self:
            known = case.res_model and case.res_model in self.env
            models[case] = case.res_model if known else self._name
            if known and case.res_id:
                ids[case.res_model].append(case.res_id)
        found = {
            (model, record.id): record
            for model, some in ids.items()
            for record in self.env[model].browse(some).exists()
        }
        return {
            case: found.get((model, case.res_id), self.env[model].browse())
            for case, model in models.items()
        }

    def _steps_of_record(self):
        """Return the codes of the steps that can be held on the case's record."""
        if not self.res_model or self.res_model not in self.env:
            return ()
        model = self.env[self.res_model]
        return tuple(model._exception_steps()) if hasattr(model, "_exception_steps") else ()

    def _release_and_go_on(self, approval):
        """Lift what an approval agreed to, and let the record take its step if nothing else holds.

        :param approval: the ``exception.approval``
        """
        self.ensure_one()
        step, record = self.hold_step, self._held_record()
        reason = self.env.ref("exception_core.reason_override_approved")
        self._lift(reason, approval.reason, approval=approval)
        # as the person who asked, so that the step is theirs; superuser as the action is
        record = record.with_user(approval.requested_by).sudo()
        if "company_id" in record and record.company_id:
            record = record.with_company(record.company_id)
        if record._exception_before(step) and not record._exception_holds(step):
            record._exception_resume(step)
            return True
        return False
