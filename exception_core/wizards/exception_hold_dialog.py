from odoo import _, api, fields, models


class ExceptionHoldDialog(models.TransientModel):
    """What somebody sees who was stopped by holds: what holds, why, and what can be done now.

    Written by the model only. People outside the groups of Exceptions are stopped as well, so it
    carries words and not cases, except for those who may open them.
    """

    _name = "exception.hold.dialog"
    _description = "Held Records"

    step = fields.Char(readonly=True)
    step_label = fields.Char(readonly=True)
    held_count = fields.Integer(readonly=True)
    done_count = fields.Integer(readonly=True)
    line_ids = fields.One2many(
        "exception.hold.dialog.line", "dialog_id", string="Holds", readonly=True
    )

    @api.model
    def _show(self, held, step, done):
        """Return the dialog that lists what holds records from a step.

        :param held: the records that stayed
        :param done: the records that took the step
        """
        holding = held._exception_holding(step)
        field = self.env["exception.case"]._fields["hold_step"]
        labels = dict(field._description_selection(self.env))
        # sudo: only the model makes dialogs; what each line tells is decided case by case
        dialog = self.sudo().create(
            {
                "step": step,
                "step_label": labels[step],
                "held_count": len(held),
                "done_count": len(done),
                "line_ids": [
                    (0, 0, self.env["exception.hold.dialog.line"]._line(record, case))
                    for record in held
                    for case in holding[record.id]
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
