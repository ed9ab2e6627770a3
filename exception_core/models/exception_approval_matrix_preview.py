from odoo import _, api, models


class ExceptionApprovalMatrix(models.Model):
    """Who would have had to agree on past cases."""

    _inherit = "exception.approval.matrix"

    @api.model
    def _preview(self, cases, matrix, action):
        """Judge cases in earnest, under a transaction that the database lets write nothing.

        :param cases: judged as if their owner had asked
        :param matrix: by this policy; empty: by those in use
        :param action: as if this had been asked for; empty: no action
        :return: a dict for each case, as the lines of the dialog want it
        """
        # sudo: policies look at everything about a case, and the person sees these cases
        approvals = self.env["exception.approval"].sudo()
        with self.env["exception.rule"]._without_writes():
            questions = approvals._questions([(case, None) for case in cases])
            for question in questions:
                question.requester = question.case.user_id or question.requester
                # sudo: as above
                question.action = action.sudo() or None
                question.asked_at = question.case.detected_at
            verdicts = self._judge(questions, matrix)
            return [
                self._preview_row(question, verdict)
                for question, verdict in zip(questions, verdicts, strict=True)
            ]

    @api.model
    def _preview_who(self, asked):
        """Say in one line whom a level asks, and who is left out."""
        if asked.level.is_auto:
            return asked.level.name
        names = ", ".join(asked.asked.mapped("name")) or _("nobody")
        how = {"any": _("one of"), "all": _("all of")}.get(
            asked.level.mode, _("%s of", asked.needed)
        )
        words = _("%(level)s: %(how)s %(names)s", level=asked.level.name, how=how, names=names)
        left_out = [sentence for _user, sentence in asked.left_out]
        return f"{words} ({' '.join(left_out)})" if left_out else words

    @api.model
    def _preview_row(self, question, verdict):
        """Return what a preview shows of one case."""
        return {
            "case_id": question.case.id,
            "amount": question.amount,
            "currency_id": question.company.currency_id.id,
            "outcome": verdict.outcome,
            "matrix_id": verdict.matrix.id,
            "who": "\n".join(self._preview_who(one) for one in verdict.asked),
            "why": verdict.problem or verdict.why,
        }

    def action_preview(self):
        """Open the preview of this policy on the last cases."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.approval.preview",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Who would have had to agree"),
            # a policy about actions judges nothing else
            "context": {
                "default_matrix_id": self[:1].id,
                "default_action_id": self[:1].action_ids[:1].id,
            },
        }
