from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError


class ExceptionActionDialog(models.TransientModel):
    """Asks which action to do on a case, with which inputs; says before what it will do."""

    _name = "exception.action.dialog"
    _inherit = "exception.dialog"
    _description = "Do an Action on an Exception Case"

    case_id = fields.Many2one(
        "exception.case",
        required=True,
        default=lambda self: self.env.context.get("exception_case_ids", [False])[0],
    )
    offered_ids = fields.Many2many("exception.action", compute="_compute_offered_ids")
    action_id = fields.Many2one(
        "exception.action", "What to do", domain="[('id', 'in', offered_ids)]", required=True
    )
    description = fields.Text(related="action_id.description")
    inputs = fields.Json(compute="_compute_inputs")
    values = fields.Json(compute="_compute_values", store=True, readonly=False)
    reason = fields.Text("Why", help="Kept with the action, for those who read it later.")
    preview = fields.Text("This will happen", compute="_compute_preview")
    notes = fields.Text(compute="_compute_notes")
    asks_once = fields.Boolean(compute="_compute_notes")
    ask = fields.Boolean(
        "Ask others first",
        readonly=True,
        default=lambda self: bool(self.env.context.get("exception_ask")),
    )
    who = fields.Text("Who must agree", compute="_compute_who")

    @api.depends("case_id")
    def _compute_offered_ids(self):
        for dialog in self:
            dialog.offered_ids = dialog.action_id._offered_for(dialog.case_id)

    @api.depends("action_id")
    def _compute_inputs(self):
        for dialog in self:
            dialog.inputs = [one._definition() for one in dialog.action_id.parameter_ids]

    @api.depends("action_id")
    def _compute_values(self):
        for dialog in self:
            dialog.values = {
                one.name: one._parse(one.default)
                for one in dialog.action_id.parameter_ids
                if one.default
            }

    @api.depends("action_id", "values", "case_id")
    def _compute_preview(self):
        for dialog in self:
            dialog.preview = dialog.action_id and dialog._describe()

    def _describe(self):
        try:
            return self.action_id._describe(self.case_id, self.values)
        except (ValidationError, UserError) as error:
            return str(error)

    @api.depends("action_id", "values")
    def _compute_notes(self):
        for dialog in self:
            action = dialog.action_id
            dialog.notes = "\n".join(action._promises()) if action else False
            dialog.asks_once = action.money != "none" or action.risk == "high"

    @api.depends("action_id", "values", "case_id", "ask")
    def _compute_who(self):
        approvals = self.env["exception.approval"]
        for dialog in self:
            action = dialog.action_id
            asked = action and (dialog.ask or action.approval == "matrix")
            dialog.who = asked and approvals._would_ask(dialog.case_id, action, dialog._checked())

    def _checked(self):
        """Return the inputs as far as they are filled in yet."""
        try:
            return self.action_id._check_values(self.values or {})
        except (ValidationError, UserError):
            return {}

    def action_request(self):
        """Ask for approval, and say who is asked."""
        self.ensure_one()
        case = self.case_id
        result = case.request_approval(self.action_id.id, self.values, self.reason)
        if result["why"]:
            return case._notification(_("Not asked yet"), result["why"], "warning")
        # as the user may read it
        request = case.env["exception.action.run"].browse(result["run_id"]).approval_id
        if request.state == "blocked":
            action = case._notification(_("Nobody can decide"), request.problem, "warning")
        elif request.state == "pending":
            action = case._notification(_("Approval requested"), case._next_step(), "success")
        else:
            # a policy has agreed by itself
            action = case._notification(_("Approved by policy"), request._message(), "success")
        action["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return action

    def action_apply(self):
        """Do the action, or ask for the approval that it needs."""
        self.ensure_one()
        result = self.case_id.run_action(self.action_id.id, self.values, self.reason)
        if result["why"]:
            return self.case_id._notification(_("Not done yet"), result["why"], "warning")
        return self._said_end(result) or {"type": "ir.actions.act_window_close"}

    def _said_end(self, result):
        """Return what is said of a run that went wrong, or was there before; None for others."""
        # as the user may read it
        run = self.env["exception.action.run"].browse(result["run_id"])
        if result["error"]:
            return self.case_id._notification(_("It went wrong"), run._end_words(), "danger")
        if not result["was_there"]:
            return None
        title = _("It was done already") if run.state == "done" else _("It was asked for already")
        return self.case_id._notification(title, run._end_words(), "info")
