from odoo import _, api, fields, models


class ExceptionHoldDialog(models.TransientModel):
    """What somebody sees who was stopped by holds: what holds, why, and what can be done now.

    Written by the model only. People outside the groups of Exceptions are stopped as well, so it
    carries words; the cases themselves only for those who may open them.
    """

    _name = "exception.hold.dialog"
    _description = "Held Records"

    step_label = fields.Char(readonly=True)
    held_count = fields.Integer(readonly=True)
    done_count = fields.Integer(readonly=True)
    line_ids = fields.One2many(
        "exception.hold.dialog.line", "dialog_id", string="Holds", readonly=True
    )
    can_lift = fields.Boolean(compute="_compute_rights")
    can_request = fields.Boolean(compute="_compute_rights")
    is_asked = fields.Boolean("Approval was requested", compute="_compute_rights")

    @api.depends("line_ids.case_id")
    def _compute_rights(self):
        user = self.env.user
        for dialog in self:
            works = bool(dialog.line_ids.case_id) and user.has_group("exception_core.group_user")
            # one question at a time: what was asked already is waited for
            asked = [case.state == "approval" for case in dialog.line_ids.case_id]
            dialog.is_asked = works and all(asked)
            dialog.can_request = works and not all(asked)
            dialog.can_lift = works and user.has_group("exception_core.group_hold")

    @api.model
    def _show(self, held, step, done):
        """Return the dialog that lists what holds records from a step.

        :param held: the records that stayed
        :param done: the records that took the step
        """
        holding = held._exception_holding(step)
        lines = self.env["exception.hold.dialog.line"]
        field = self.env["exception.case"]._fields["hold_step"]
        # sudo: only the model makes dialogs; what each line tells is decided case by case
        dialog = self.sudo().create(
            {
                "step_label": dict(field._description_selection(self.env))[step],
                "held_count": len(held),
                "done_count": len(done),
                "line_ids": [
                    (0, 0, vals)
                    for record in held
                    for vals in lines._lines(record, holding[record.id])
                ],
            }
        )
        title = _("%(held)s of %(all)s are on hold", held=len(held), all=len(held + done))
        if len(held + done) == 1:
            # sudo: the name of the record whose button was pressed
            title = _("%s is on hold", held.sudo().display_name)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
            "name": title,
        }

    def action_request_approval(self):
        """Ask what to tell those who are to agree."""
        return self._ask("approval", _("Request approval"))

    def action_lift(self):
        """Ask why, then lift the holds and go on."""
        return self._ask("lift", _("Lift the hold"))

    def _ask(self, how, name):
        cases = self.line_ids.case_id
        return cases._open_wizard("exception.hold.ask", name, default_how=how)
