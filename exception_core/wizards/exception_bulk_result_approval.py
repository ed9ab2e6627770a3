from odoo import _, api, fields, models


class ExceptionBulkResult(models.TransientModel):
    """The result of answering many requests: the same dialog, about requests."""

    _inherit = "exception.bulk.result"

    is_approval = fields.Boolean("About requests", readonly=True)
    done_approval_ids = fields.Many2many(
        "exception.approval", "exception_bulk_result_approval_rel", readonly=True
    )

    @api.depends("done_approval_ids")
    def _compute_counts(self):
        computed = super()._compute_counts()
        for result in self.filtered("is_approval"):
            result.done_count = len(result.done_approval_ids)
        return computed

    @api.model
    def _show_approvals(self, result, label):
        """Return the dialog that shows what became of each request.

        :param dict result: as ``exception.approval._answer`` returns it
        :param label: what was done, in one word
        """
        by_id = {skipped["id"]: skipped["reason"] for skipped in result["skipped"]}
        approvals = self.env["exception.approval"].browse(by_id)
        action = self._show(
            {
                "done": [],
                "skipped": [{"id": one.case_id.id, "reason": by_id[one.id]} for one in approvals],
            },
            label,
        )
        # sudo: only the model makes results, of requests that the user had before the answer
        shown = self.sudo().browse(action["res_id"])
        shown.write({"is_approval": True, "done_approval_ids": [(6, 0, result["done"])]})
        for line, approval in zip(shown.line_ids, approvals, strict=True):
            line.approval_id = approval
        return action

    def action_open_done(self):
        """Open what was done."""
        if not self.is_approval:
            return super().action_open_done()
        return self.done_approval_ids._open_requests(self.label)

    def action_open_skipped(self):
        """Open what was skipped."""
        if not self.is_approval:
            return super().action_open_skipped()
        return self.line_ids.approval_id._open_requests(_("Skipped"))


class ExceptionBulkResultLine(models.TransientModel):
    """One request that was skipped, and why."""

    _inherit = "exception.bulk.result.line"

    approval_id = fields.Many2one(
        "exception.approval", "Request", readonly=True, ondelete="cascade"
    )
