from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionHoldPut(models.TransientModel):
    """Asks which step is to wait, and why: of the records of cases, or of documents.

    Documents come from the context key ``exception_records``: [model, ids]. Each gets a case of
    its own, so that somebody looks after it and the hold has an end.
    """

    _name = "exception.hold.put"
    _inherit = "exception.case.wizard"
    _description = "Put on Hold"

    res_model = fields.Char(default=lambda self: self._context_records()[0], readonly=True)
    res_ids = fields.Json(default=lambda self: self._context_records()[1], readonly=True)
    records = fields.Char("Documents", compute="_compute_records")
    type_id = fields.Many2one(
        "exception.type",
        "Kind of exception",
        default=lambda self: self.env.ref("exception_core.type_held_by_hand", False),
        help="Says which team looks after it, and until when.",
    )
    step = fields.Selection(
        selection="_selection_step",
        required=True,
        string="Step that waits",
        default=lambda self: self._default_step(),
    )
    available_reason_ids = fields.Many2many("exception.reason", compute="_compute_available")
    reason_id = fields.Many2one(
        "exception.reason", required=True, domain="[('id', 'in', available_reason_ids)]"
    )

    @api.model
    def _context_records(self):
        model, ids = self.env.context.get("exception_records") or (False, [])
        held = model in self.env and hasattr(self.env[model], "_exception_steps")
        return (model, ids) if held else (False, [])

    @api.model
    def _selection_step(self):
        return self.env["exception.case"]._fields["hold_step"]._description_selection(self.env)

    @api.model
    def _default_step(self):
        """Offer the first step that the record still has before it."""
        model, ids = self._context_records()
        if model:
            documents = self.env[model].browse(ids).exists()
            steps = documents._exception_steps()
            return next((step for step in steps if documents._exception_before(step)), False)
        case = self.env["exception.case"].browse(self._default_case_ids()[0][2])[:1]
        return next(iter(case._steps_of_record()), False)

    @api.depends("res_model", "res_ids")
    def _compute_records(self):
        for wizard in self:
            documents = wizard._documents() if wizard.res_model else ()
            wizard.records = ", ".join(one.display_name for one in documents) or False

    @api.depends("case_ids", "type_id")
    def _compute_available(self):
        for wizard in self:
            reasons = wizard._reasons("hold")
            if wizard.res_model:
                category = wizard.type_id.category_id
                reasons = reasons.filtered(lambda one, category=category: one._applies_to(category))
            wizard.available_reason_ids = reasons

    def action_apply(self):
        """Put the records of the cases, or the documents, on hold."""
        self.ensure_one()
        if self.res_model:
            return self._apply_to_documents()
        if not self.case_ids:
            raise UserError(_("Choose a case first."))
        result = self.case_ids.put_on_hold(self.step, self.reason_id.id, self.note)
        return self.case_ids._show_result(result, _("On hold"))

    # ------------------------------------------------------------------
    # documents
    # ------------------------------------------------------------------

    def _documents(self):
        """Return the documents, after checking that the user may read them."""
        documents = self.env[self.res_model].browse(self.res_ids or ()).exists()
        documents.check_access_rights("read")
        documents.check_access_rule("read")
        return documents

    def _apply_to_documents(self):
        """Open a case on each document that has the step still before it, and let it hold."""
        documents = self._documents()
        waiting = documents._exception_before(self.step)
        if not waiting:
            label = dict(self._selection_step())[self.step]
            raise UserError(
                _("Nothing was held: “%s” is behind these documents, or not theirs.", label)
            )
        if not self.type_id:
            raise UserError(_("Say what kind of exception it is: its team looks after it."))
        cases = self.env["exception.case"].create([self._case_values(one) for one in waiting])
        cases.put_on_hold(self.step, self.reason_id.id, self.note)
        left = documents - waiting
        if len(cases) == 1 and not left:
            return cases._open_form()
        message = _("%(count)s on hold. Each has a case.", count=len(cases))
        if left:
            message = _(
                "%(count)s on hold. Each has a case. Not held, since the step is behind them: "
                "%(names)s",
                count=len(cases),
                names=", ".join(left.mapped("display_name")),
            )
        action = cases._notification(_("Put on hold"), message, "success")
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def _case_values(self, document):
        given = self.env["exception.case.report"]._from_record(document)
        return {
            "type_id": self.type_id.id,
            "title": self.reason_id.name,
            "description": self.note,
            "res_model": document._name,
            "res_id": document.id,
            **given,
        }
