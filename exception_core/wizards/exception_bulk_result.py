from odoo import _, api, fields, models


class ExceptionBulkResult(models.TransientModel):
    """Says what a button did to many cases: how many, which were skipped, and why.

    Written by the model only: a line names its case, whoever reads it.
    """

    _name = "exception.bulk.result"
    _description = "Result on Many Cases"

    label = fields.Char(readonly=True)
    done_ids = fields.Many2many("exception.case", readonly=True)
    line_ids = fields.One2many(
        "exception.bulk.result.line", "result_id", string="Skipped", readonly=True
    )
    done_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")

    @api.depends("done_ids", "line_ids")
    def _compute_counts(self):
        for result in self:
            result.done_count = len(result.done_ids)
            result.skipped_count = len(result.line_ids)

    @api.model
    def _show(self, result, label):
        """Return the dialog that shows a verb's result.

        :param dict result: as the verbs of ``exception.case`` return it
        :param label: what was done, in one word, for example “Resolved”
        """
        # sudo: only the model makes results, of cases that the user had before the verb
        shown = self.sudo().create(
            {
                "label": label,
                "done_ids": [(6, 0, result["done"])],
                "line_ids": [
                    (0, 0, {"case_id": skipped["id"], "reason": skipped["reason"]})
                    for skipped in result["skipped"]
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": shown.id,
            "views": [(False, "form")],
            "target": "new",
            "name": _("Result"),
        }

    def action_open_done(self):
        """Open the cases that were done."""
        self.ensure_one()
        return self.done_ids._open_list(self.label)

    def action_open_skipped(self):
        """Open the cases that were skipped."""
        self.ensure_one()
        return self.line_ids.case_id._open_list(_("Skipped"))
